package snapferry.delta;

import java.util.Arrays;

/**
 * By how much data moved that was found lately, the latest first, in bytes: new offset minus basis
 * offset. What moved together moved by the same distance, so whoever meets something new tries
 * these before anything else. Safe for use by several threads.
 */
final class Displacements {
  private static final int KEPT = 4;

  private volatile long[] latest = {};

  /** At most four, which nobody changes. */
  long[] latest() {
    return latest;
  }

  /** Something was found that moved by {@code displacement}. */
  void found(long displacement) {
    if (latest.length > 0 && latest[0] == displacement) {
      return;
    }
    synchronized (this) {
      long[] next = new long[KEPT];
      int count = 0;
      next[count++] = displacement;
      for (long other : latest) {
        if (other != displacement && count < KEPT) {
          next[count++] = other;
        }
      }
      latest = Arrays.copyOf(next, count);
    }
  }
}
