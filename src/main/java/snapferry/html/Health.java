package snapferry.html;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import snapferry.ledger.RunRecord;

/** How a standby is, in one word. */
enum Health {
  OK("ok"),
  /** It has not got an epoch for longer than it should. */
  LATE("late"),
  FAILED("failed"),
  /** No run is on record. */
  NEW("no run yet");

  private static final int MISSED = 2;
  private static final int UNUSUAL = 4;
  private static final int ENOUGH = 4;
  private static final Duration GRACE = Duration.ofMinutes(1);

  private final String label;

  Health(String label) {
    this.label = label;
  }

  /** The word. */
  String label() {
    return label;
  }

  /** The class of its badge. */
  String style() {
    return this == NEW ? "new" : label;
  }

  /** How {@code replica} is at {@code now}. */
  static Health of(Replica replica, Instant now) {
    RunRecord last = replica.last();
    if (!replica.sound() || (last != null && !last.isWell())) {
      return last == null && replica.epoch() == 0 ? NEW : FAILED;
    }
    if (last == null && replica.epoch() == 0) {
      return NEW;
    }
    Instant time = replica.time();
    Duration due = due(replica);
    boolean late = time != null && due != null && time.plus(due).isBefore(now);
    return late ? LATE : OK;
  }

  /**
   * How old a standby may be: two rounds of those that are configured; else, as under cron, four
   * times what usually lies between its runs. Null if neither is known.
   */
  private static @Nullable Duration due(Replica replica) {
    if (replica.every() != null) {
      return replica.every().multipliedBy(MISSED).plus(GRACE);
    }
    List<RunRecord> runs = replica.runs();
    if (runs.size() < ENOUGH) {
      return null;
    }
    List<Duration> gaps =
        IntStream.range(1, runs.size())
            .mapToObj(i -> Duration.between(runs.get(i - 1).begun(), runs.get(i).begun()).abs())
            .sorted()
            .toList();
    return gaps.get(gaps.size() / 2).multipliedBy(UNUSUAL).plus(GRACE);
  }
}
