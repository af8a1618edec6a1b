package snapferry.schedule;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Follows a {@link Timetable}: a thread for each run at work, made anew each time, because a run
 * may change the priority of its thread for good.
 *
 * @param <K> what a run is known by
 */
public final class Rounds<K> {
  private static final long MAX_WAIT_NANOS = TimeUnit.HOURS.toNanos(1);

  private final Timetable<K> timetable;
  private final Runner<K> runner;

  /** Does the runs, on several threads. */
  public interface Runner<K> {
    /**
     * One is about to be done. All that begin together are told of before the first of them is.
     *
     * @param since when it was due, by {@link #now}, at the latest now
     */
    default void begin(K run, long since) {}

    /** Does one; tells whether it went well. */
    boolean run(K run);
  }

  public Rounds(Timetable<K> timetable, Runner<K> runner) {
    this.timetable = timetable;
    this.runner = runner;
  }

  /** The time for a {@link Timetable} that is followed here. */
  public static long now() {
    return System.nanoTime();
  }

  /** Returns when all runs are over. */
  public synchronized void follow() throws InterruptedException {
    while (!timetable.isOver()) {
      List<K> begun = timetable.begin(now());
      begun.forEach(run -> runner.begin(run, timetable.since(run)));
      begun.forEach(this::start);
      OptionalLong next = timetable.nextBegin();
      long nanos =
          next.isPresent() ? Math.min(next.getAsLong() - now(), MAX_WAIT_NANOS) : MAX_WAIT_NANOS;
      if (nanos > 0 && !timetable.isOver()) {
        wait(TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
      }
    }
  }

  private void start(K run) {
    Thread thread = new Thread(() -> work(run), "snapferry-run");
    thread.setDaemon(true);
    thread.start();
  }

  private void work(K run) {
    boolean well = false;
    try {
      well = runner.run(run);
    } finally {
      end(run, well);
    }
  }

  private synchronized void end(K run, boolean well) {
    timetable.end(run, well, now());
    notifyAll();
  }

  /** Nothing begins any more; {@link #follow} returns when what is at work has ended. */
  public synchronized void stop() {
    timetable.stop();
    notifyAll();
  }
}
