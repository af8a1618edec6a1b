package snapferry.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class TimeAxisTest {
  @Test
  void everyTimeOfItIsInItsSlot() {
    long seed = 5;
    Random random = new Random(seed);
    for (int i = 0; i < 1000; i++) {
      long ago = random.nextLong() >>> (25 + random.nextInt(39));
      Instant first = Runs.NOW.minusSeconds(Math.min(ago, Runs.NOW.getEpochSecond()));
      int slots = 30 + random.nextInt(100);
      TimeAxis axis = TimeAxis.over(first, Runs.NOW, slots);
      assertThat(axis.slots()).as("seed %d, %d", seed, i).isBetween(slots / 3, slots);
      assertThat(axis.slotOf(Runs.NOW)).isEqualTo(axis.slots() - 1);
      int slot = axis.slotOf(first);
      assertThat(first).isAfterOrEqualTo(axis.beginOf(slot)).isBefore(axis.beginOf(slot + 1));
      assertThat(axis.ticks(8)).hasSizeLessThan(20);
    }
  }

  @Test
  void whatAClockThatJumpedSaysIsAtTheEdge() {
    TimeAxis axis = TimeAxis.over(Runs.NOW.minus(Duration.ofHours(5)), Runs.NOW, 96);
    assertThat(axis.slot()).isEqualTo(Duration.ofMinutes(5));
    assertThat(axis.slotOf(Instant.EPOCH)).isZero();
    assertThat(axis.slotOf(Instant.MAX)).isEqualTo(axis.slots() - 1);
  }

  @Test
  void barsThatTowerAreCutOff() {
    assertThat(BarScale.of()).isEqualTo(new BarScale(1, false));
    assertThat(BarScale.of(0, 7)).isEqualTo(new BarScale(7, false));
    BarScale scale = BarScale.of(1_000_000, 90, 80, 100, 100);
    assertThat(scale.cuts()).isTrue();
    assertThat(scale.isCut(1_000_000)).isTrue();
    assertThat(scale.isCut(100)).isFalse();
    assertThat(scale.height(100)).isGreaterThan(0.5);
  }
}
