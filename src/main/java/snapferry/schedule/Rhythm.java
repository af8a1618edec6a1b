package snapferry.schedule;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a run is followed by the next. After one that went well, it is {@code every} from begin to
 * begin, or at once where that is over already. After one that failed, it is {@code every} from its
 * end, twice that after the second failure in a row, four times after the third, until it is an
 * hour (or {@code every}, if that is longer). Then comes a random part, up to a tenth of {@code
 * every}, so that what began together does not stay together.
 *
 * @param every the period
 */
record Rhythm(Duration every) {
  private static final long MAX_BACK_OFF = Duration.ofHours(1).toNanos();
  private static final long MAX_JITTER = Duration.ofMinutes(5).toNanos();
  private static final int JITTER_PART = 10;

  /**
   * When the next run is due.
   *
   * @param begun when the last one began
   * @param ended when it ended
   * @param failures how many in a row did not go well
   */
  long next(long begun, long ended, int failures, RandomGenerator random) {
    long period = every.toNanos();
    long base = failures == 0 ? Math.max(begun + period - ended, 0) : backOff(period, failures - 1);
    long jitter = random.nextLong(Math.min(period / JITTER_PART, MAX_JITTER) + 1);
    return ended + base + jitter;
  }

  private static long backOff(long period, int doublings) {
    long most = Math.max(period, MAX_BACK_OFF);
    long delay = period;
    for (int i = 0; i < doublings && delay < most; i++) {
      delay *= 2;
    }
    return Math.min(delay, most);
  }
}
