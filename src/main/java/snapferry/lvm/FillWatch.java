package snapferry.lvm;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import snapferry.replicate.Monitor;

/**
 * Looks every few seconds how full a classic snapshot is, and says so once, while something can be
 * done about it. That it overflowed is none of its business: reading and the check before the
 * commit find that out.
 */
final class FillWatch implements Closeable {
  private static final long SECONDS = 5;
  private static final double NEARLY_FULL = 0.8;

  private final CountDownLatch closed = new CountDownLatch(1);

  /** What to look at. */
  interface Level {
    TargetStatus status() throws IOException;
  }

  /** Watches from now on. */
  FillWatch(String what, Level level, Monitor monitor) {
    Thread thread = new Thread(() -> watch(what, level, monitor), "snapferry-snapshot");
    thread.setDaemon(true);
    thread.start();
  }

  private void watch(String what, Level level, Monitor monitor) {
    try {
      while (!closed.await(SECONDS, TimeUnit.SECONDS)) {
        TargetStatus status = level.status();
        if (status.level() >= NEARLY_FULL) {
          monitor.warn(
              what + " is nearly full (" + status.words() + " sectors): lvextend makes it larger");
          return;
        }
      }
    } catch (IOException | InterruptedException e) {
      // Then nobody is warned; the check before the commit does not depend on it.
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
