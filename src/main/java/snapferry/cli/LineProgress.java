package snapferry.cli;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import snapferry.replicate.Monitor.Phase;

/** A plain line every few seconds: for logs, and for whatever is no terminal. */
final class LineProgress implements Progress {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int WIDTH = 200;

  private final PrintStream err;
  private final String prefix;
  private Pace pace = new Pace(Phase.CONNECTING);
  private long nextLine = System.nanoTime() + PAUSE_NANOS;

  /**
   * @param prefix what every line begins with
   */
  LineProgress(PrintStream err, String prefix) {
    this.err = err;
    this.prefix = prefix;
  }

  @Override
  public void phase(Phase phase) {
    pace = new Pace(phase);
    line(System.nanoTime());
  }

  @Override
  public void progress(long done, long total) {
    long now = System.nanoTime();
    pace.update(done, total, now);
    if (now - nextLine >= 0) {
      line(now);
    }
  }

  private void line(long now) {
    nextLine = now + PAUSE_NANOS;
    err.println(prefix + pace.text(WIDTH));
  }

  @Override
  public void clear() {}
}
