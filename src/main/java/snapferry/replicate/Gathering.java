package snapferry.replicate;

import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Where those who begin together wait for each other before they go through a volume side by side:
 * not for long, because one of them may be stuck.
 */
final class Gathering {
  /** How long the first one waits: to log in and start a program at the far end takes a second. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Set<Object> onTheirWay;
  private final long patience;
  private boolean waiting;
  private long until;

  /**
   * @param onTheirWay whom to wait for
   * @param patience how long, from when the first one waits
   */
  Gathering(Collection<?> onTheirWay, Duration patience) {
    this.onTheirWay = new HashSet<>(onTheirWay);
    this.patience = patience.toNanos();
  }

  /** One has come, or never will. */
  synchronized void arrived(Object who) {
    if (onTheirWay.remove(who)) {
      notifyAll();
    }
  }

  /** Nobody else comes. */
  synchronized void end() {
    onTheirWay.clear();
    notifyAll();
  }

  /** Returns when all have come, or there was enough of waiting. */
  synchronized void await() throws ClosedByInterruptException {
    if (!waiting) {
      waiting = true;
      until = System.nanoTime() + patience;
    }
    try {
      for (long left = patience; !onTheirWay.isEmpty() && left > 0; ) {
        left = until - System.nanoTime();
        if (left > 0) {
          TimeUnit.NANOSECONDS.timedWait(this, left);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    }
  }
}
