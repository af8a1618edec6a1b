package snapferry.cli;

import java.util.concurrent.TimeUnit;
import snapferry.codec.Amount;
import snapferry.replicate.Monitor.Phase;

/** How far a phase is, how fast it goes and how long it will still take. */
final class Pace {
  /** A younger rate says more about the last chunk than about the next. */
  private static final long MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

  /** Weight of the newest second in the rate. */
  private static final double NEWEST = 0.3;

  private final Phase phase;
  private long done;
  private long total;
  private long markDone;
  private long markTime;
  private boolean marked;
  private double rate;

  Pace(Phase phase) {
    this.phase = phase;
  }

  /** At {@code now}, in nanoseconds, {@code done} of {@code total} bytes are behind us. */
  void update(long done, long total, long now) {
    this.done = done;
    this.total = total;
    if (!marked) {
      marked = true;
      markDone = done;
      markTime = now;
    } else if (now - markTime >= MIN_NANOS) {
      double seconds = (double) (now - markTime) / TimeUnit.SECONDS.toNanos(1);
      double current = (done - markDone) / seconds;
      double weight = rate == 0 ? 1 : 1 - Math.pow(1 - NEWEST, seconds);
      rate += weight * (current - rate);
      markDone = done;
      markTime = now;
    }
  }

  /** Bytes, percent, rate, time left: as much of it as {@code width} columns hold. */
  String text(int width) {
    StringBuilder text = new StringBuilder(phase.label());
    if (total > 0) {
      append(text, width, Amount.bytes(done) + " of " + Amount.bytes(total));
      append(text, width, (int) (100.0 * done / total) + " %");
    }
    if (rate >= 1) {
      append(text, width, Amount.bytes((long) rate) + "/s");
      append(text, width, "ETA " + Amount.clock((long) Math.ceil((total - done) / rate)));
    }
    return text.substring(0, Math.min(text.length(), width));
  }

  private static void append(StringBuilder text, int width, String part) {
    if (text.length() + 2 + part.length() <= width) {
      text.append("  ").append(part);
    }
  }
}
