package snapferry.cli;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import snapferry.replicate.Monitor.Phase;

/** One line of a terminal, rewritten a few times a second. */
final class TerminalProgress implements Progress {
  private static final long FRAME_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** To the first column, and erase to the end of the line: ECMA-48, which every terminal knows. */
  private static final String ERASE = "\r\u001b[K";

  private final PrintStream err;
  private final int width;
  private Pace pace = new Pace(Phase.CONNECTING);
  private long nextFrame;
  private boolean shown;

  /**
   * @param width columns of the terminal; the last one stays empty, because writing to it may wrap
   */
  TerminalProgress(PrintStream err, int width) {
    this.err = err;
    this.width = width - 1;
  }

  @Override
  public void phase(Phase phase) {
    pace = new Pace(phase);
    draw(System.nanoTime());
  }

  @Override
  public void progress(long done, long total) {
    long now = System.nanoTime();
    pace.update(done, total, now);
    if (now - nextFrame >= 0) {
      draw(now);
    }
  }

  private void draw(long now) {
    nextFrame = now + FRAME_NANOS;
    shown = true;
    err.print(ERASE + pace.text(width));
    err.flush();
  }

  @Override
  public void clear() {
    if (shown) {
      shown = false;
      nextFrame = System.nanoTime();
      err.print(ERASE);
      err.flush();
    }
  }
}
