package snapferry.delta;

import java.util.concurrent.atomic.AtomicLong;
import snapferry.extent.BlockSize;

/**
 * How much may still be spent on looking for data that moved. Every page that is not explained yet
 * earns a little; looking spends it; finding earns it back. So a run in which nothing moved spends,
 * after a first try, a fixed small share of its time on looking, whatever its content, and a
 * crafted one no more. Shared by all threads of a run.
 */
final class MatchBudget {
  /** Windows that are tried byte by byte before anything was found: a few ms. */
  static final long FIRST_POSITIONS = 1 << 17;

  /** Of the positions of unexplained bytes, AUTO tries this share once the first are spent. */
  static final int SHARE = 256;

  /** Proofs that may fail before anything was found. */
  static final long FIRST_FAILURES = 4096;

  /** Proofs that may fail for a page: windows that look alike by accident are rare by sector. */
  private static final int FAILURES_BY_SECTOR = 1;

  private static final int FAILURES_BY_BYTE = 64;

  private final MatchLimits.Mode mode;
  private final AtomicLong positions = new AtomicLong(FIRST_POSITIONS);
  private final AtomicLong failures = new AtomicLong(FIRST_FAILURES);

  MatchBudget(MatchLimits.Mode mode) {
    this.mode = mode;
  }

  /** So many pages are to be explained. */
  void earn(int pages) {
    add(positions, (long) pages * BlockSize.PAGE / SHARE, FIRST_POSITIONS);
    int failuresEach = mode == MatchLimits.Mode.BYTE ? FAILURES_BY_BYTE : FAILURES_BY_SECTOR;
    add(failures, (long) pages * failuresEach, Long.MAX_VALUE / 2);
  }

  /** So many pages were found. */
  void found(int pages) {
    add(positions, (long) pages * BlockSize.PAGE, FIRST_POSITIONS);
  }

  /**
   * How many of {@code wanted} neighbouring positions to try byte by byte, which are then spent:
   * all while there is plenty, later just enough to meet a page that is in the index.
   *
   * @param meeting so many positions meet such a page
   */
  int positions(int wanted, long meeting) {
    return switch (mode) {
      case BYTE -> wanted;
      case AUTO -> spend(isPlenty() ? wanted : (int) Math.min(wanted, meeting));
      case SECTOR, OFF -> 0;
    };
  }

  private boolean isPlenty() {
    return positions.get() > FIRST_POSITIONS / 2;
  }

  private int spend(int asked) {
    if (positions.get() < asked) {
      return 0;
    }
    positions.addAndGet(-asked);
    return asked;
  }

  /** Whether a candidate may be proven. */
  boolean mayProve() {
    return failures.get() > 0;
  }

  /** A candidate was another page, or explained nothing. */
  void failed() {
    failures.decrementAndGet();
  }

  private static void add(AtomicLong account, long earned, long most) {
    account.accumulateAndGet(earned, (has, more) -> Math.min(most, has + more));
  }
}
