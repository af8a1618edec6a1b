package snapferry.track;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets writers through side by side, and on demand shuts them out until those inside are done: then
 * no write is half on its way, and what is switched meanwhile is seen by all that come later. To
 * pass costs two atomic steps and allocates nothing.
 */
final class WriteGate {
  /** Writers inside, and this when no more are let in. */
  private static final int SHUT = Integer.MIN_VALUE;

  private final AtomicInteger inside = new AtomicInteger();

  /** Passes, perhaps after waiting. To be followed by {@link #leave}. */
  void enter() throws IOException {
    int now = inside.get();
    while (now < 0 || !inside.compareAndSet(now, now + 1)) {
      if (now < 0) {
        awaitOpen();
      }
      now = inside.get();
    }
  }

  void leave() {
    if (inside.decrementAndGet() == SHUT) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** Shuts and waits until nobody is inside. One at a time. */
  synchronized void shut() throws IOException {
    inside.getAndAdd(SHUT);
    try {
      while (inside.get() != SHUT) {
        wait();
      }
    } catch (InterruptedException e) {
      open();
      throw interrupted(e);
    }
  }

  /** Lets writers in again. */
  synchronized void open() {
    inside.getAndAdd(-SHUT);
    notifyAll();
  }

  private synchronized void awaitOpen() throws IOException {
    try {
      while (inside.get() < 0) {
        wait();
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IOException("interrupted while writes were held up", cause);
  }
}
