package snapferry.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.extent.BlockSize;
import snapferry.failure.ExitCode;
import snapferry.ledger.Achievement;
import snapferry.ledger.Count;
import snapferry.ledger.Pair;
import snapferry.ledger.RunRecord;
import snapferry.replicate.Heat;

@NullMarked
class HeatMapTest {
  private static final Pair WEB = new Pair("web", "berlin");
  private static final int PARTS = 256;
  private static final int PAGES = 1024;

  /** Of which each part has {@link #PAGES}. */
  private static final long SIZE = (long) PARTS * PAGES * BlockSize.PAGE;

  private static final Duration SLOT = Duration.ofDays(1);

  private final List<RunRecord> runs = new ArrayList<>();

  /** An epoch so many days ago in which this part of a volume of that size changed. */
  private void epoch(int days, long size, int part, int level) {
    Map<Count, Long> counts = new EnumMap<>(Count.class);
    counts.put(Count.EPOCH, runs.size() + 2L);
    counts.put(Count.BYTES_TOTAL, size);
    String heat = "0".repeat(part) + level + "0".repeat(PARTS - 1 - part);
    Instant begun = Runs.NOW.minus(SLOT.multipliedBy(days));
    runs.add(
        new RunRecord(
            WEB,
            begun,
            Duration.ofMillis(5),
            ExitCode.DONE,
            null,
            null,
            new Achievement("ab".repeat(32), "scan", counts, new Heat(heat))));
  }

  private HeatMap map() {
    TimeAxis axis = TimeAxis.over(Runs.NOW.minus(SLOT.multipliedBy(29)), Runs.NOW, 30);
    return Objects.requireNonNull(HeatMap.of(runs, axis), "a map");
  }

  @Test
  void aVolumeThatGrewIsShownAsItIsNow() {
    epoch(3, SIZE / 2, 129, 5);
    epoch(2, SIZE, 200, 5);
    HeatMap map = map();
    assertThat(map.size()).isEqualTo(SIZE);
    for (int part = 0; part < PARTS; part++) {
      boolean changed = part == 64 || part == 200;
      assertThat(map.changes(part)).as("part %d", part).isEqualTo(changed ? 1 : 0);
      assertThat(map.share(26, part) > 0).as("part %d then", part).isEqualTo(part == 64);
      assertThat(map.share(27, part) > 0).as("part %d later", part).isEqualTo(part == 200);
    }
  }

  @Test
  void aVolumeThatShrankHasNoPartBehindItsEnd() {
    epoch(3, SIZE * 2, 255, 5);
    epoch(2, SIZE, 7, 5);
    HeatMap map = map();
    for (int part = 0; part < PARTS; part++) {
      assertThat(map.changes(part)).as("part %d", part).isEqualTo(part == 7 ? 1 : 0);
    }
  }

  /** Level n is from 2 to the n - 1 pages on, and less than twice as many. */
  @Test
  void theShareIsThatOfThePagesAndWhatChangedTwiceCountsTwice() {
    epoch(5, SIZE, 3, 1);
    epoch(4, SIZE, 3, 8);
    epoch(3, SIZE, 3, 8);
    epoch(3, SIZE, 3, 8);
    for (int i = 0; i < 20; i++) {
      epoch(2, SIZE, 3, 9);
    }
    HeatMap map = map();
    assertThat(map.share(24, 3)).isEqualTo(1.5 / PAGES, Offset.offset(1e-9));
    assertThat(map.share(25, 3)).isEqualTo(1.5 * 128 / PAGES, Offset.offset(1e-9));
    assertThat(map.share(26, 3)).isEqualTo(2 * 1.5 * 128 / PAGES, Offset.offset(1e-9));
    assertThat(map.share(27, 3)).isEqualTo(1);
    assertThat(map.share(28, 3)).isZero();
  }
}
