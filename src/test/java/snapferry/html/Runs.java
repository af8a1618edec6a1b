package snapferry.html;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.ledger.Achievement;
import snapferry.ledger.Count;
import snapferry.ledger.Pair;
import snapferry.ledger.RunRecord;
import snapferry.replicate.Heat;

/** Runs that might have been. */
@NullMarked
final class Runs {
  static final Instant NOW = Instant.parse("2026-11-27T19:45:00Z");
  static final long SIZE = 1L << 40;

  private Runs() {}

  static RunRecord well(Pair pair, Instant begun, long epoch, String heat) {
    Map<Count, Long> counts = new EnumMap<>(Count.class);
    counts.put(Count.EPOCH, epoch);
    counts.put(Count.BYTES_TOTAL, SIZE);
    counts.put(Count.BYTES_READ, epoch == 1 ? SIZE : 3L << 20);
    counts.put(Count.BYTES_SENT, epoch == 1 ? SIZE / 2 : 1L << 20);
    counts.put(Count.BYTES_WRITTEN, 2L << 20);
    return new RunRecord(
        pair,
        begun,
        Duration.ofMillis(1500),
        ExitCode.DONE,
        null,
        null,
        new Achievement("ab".repeat(32), "scan", counts, new Heat(heat)));
  }

  static RunRecord failed(Pair pair, Instant begun, @Nullable String message) {
    return new RunRecord(
        pair, begun, Duration.ofMillis(20), ExitCode.TRANSPORT, message, null, null);
  }

  /** So many runs, one every so often, of which the last begins that long before {@link #NOW}. */
  static List<RunRecord> series(Pair pair, int count, Duration every) {
    Random random = new Random(count);
    List<RunRecord> runs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder heat = new StringBuilder();
      for (int part = 0; part < Heat.MAX_PARTS; part++) {
        heat.append(random.nextInt(8) == 0 ? Character.forDigit(random.nextInt(20), 36) : '0');
      }
      Instant begun = NOW.minus(every.multipliedBy(count - i));
      runs.add(well(pair, begun, i + 1L, heat.toString()));
    }
    return runs;
  }

  static Replica replica(Pair pair, List<RunRecord> runs) {
    RunRecord last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
    return new Replica(
        pair,
        "/dev/vg0/" + pair.volume(),
        "backup@" + pair.standby() + ":x",
        runs.isEmpty() ? "unknown" : "standing",
        !runs.isEmpty(),
        runs.size(),
        last == null ? null : last.begun(),
        null,
        List.of(),
        last,
        runs);
  }
}
