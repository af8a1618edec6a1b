package snapferry.replicate;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

/**
 * A token bucket over a tenth of a second: keeps a sender below so many bytes a second. For use
 * under one lock.
 */
final class RateLimit {
  private static final long TENTH = TimeUnit.MILLISECONDS.toNanos(100);

  private final long bytesPerSecond;
  private long free = System.nanoTime();

  /**
   * @param bytesPerSecond 0 for no limit
   */
  RateLimit(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** How many of {@code left} bytes to send at once so that a slow line still flows evenly. */
  int slice(int most, int left) {
    return bytesPerSecond == 0
        ? left
        : (int) Math.min(left, Math.max(512, Math.min(most, bytesPerSecond / 20)));
  }

  /** Waits until {@code bytes} may go. */
  void await(int bytes) throws InterruptedIOException {
    if (bytesPerSecond == 0) {
      return;
    }
    long now = System.nanoTime();
    free = Math.max(free, now - TENTH);
    if (free > now) {
      try {
        TimeUnit.NANOSECONDS.sleep(free - now);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while waiting for the rate limit");
      }
    }
    free += (long) ((double) bytes / bytesPerSecond * TimeUnit.SECONDS.toNanos(1));
  }
}
