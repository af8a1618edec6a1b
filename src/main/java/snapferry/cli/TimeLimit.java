package snapferry.cli;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.Session;

/**
 * Ends a session that takes too long: a client who always has one more byte to say is never silent,
 * and would keep a volume to himself.
 */
final class TimeLimit implements Closeable {
  private final CountDownLatch over = new CountDownLatch(1);

  /**
   * The time begins now.
   *
   * @param time null for as long as it takes
   */
  TimeLimit(@Nullable Duration time, Session session) {
    if (time != null) {
      Thread thread = new Thread(() -> await(time, session), "snapferry-limit");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void await(Duration time, Session session) {
    try {
      if (!over.await(time.toSeconds(), TimeUnit.SECONDS)) {
        session.interrupt(
            new Failure(
                ExitCode.TRANSPORT,
                "the session took longer than the %d seconds of %s"
                    .formatted(time.toSeconds(), ServeArguments.MAX_TIME)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The session is over. */
  @Override
  public void close() {
    over.countDown();
  }
}
