package snapferry.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.Session;

/**
 * Ctrl-C and SIGTERM: the session is cut, which makes the run end as it ends on any failure, with
 * its last words and its exit code. A run that does not end so is ended here.
 */
final class Interruption {
  private static final long UNWIND_SECONDS = 4;

  /** A signal to a whole process group breaks the line a moment before it reaches us. */
  private static final long SAME_SIGNAL_MILLIS = 200;

  private final CountDownLatch fired = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile @Nullable Runnable ending;
  private volatile boolean patient;

  /** Listens for signals from now on. */
  static Interruption install() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(interruption::endRun, "snapferry-interruption"));
    return interruption;
  }

  /** From now on a signal cuts {@code running}. */
  void watch(Session running) {
    watch(() -> running.interrupt(failure()));
  }

  /**
   * From now on a signal runs {@code stop}, and then the run has all the time it needs: others
   * write to what it serves.
   */
  void watchPatiently(Runnable stop) {
    patient = true;
    watch(stop);
  }

  /** From now on a signal runs {@code stop}, which makes this process end soon by itself. */
  void watch(Runnable stop) {
    ending = stop;
    if (hasFired()) {
      stop.run();
    }
  }

  private static Failure failure() {
    return new Failure(ExitCode.INTERRUPTED, "interrupted");
  }

  /** Whether there was a signal. */
  boolean hasFired() {
    return fired.getCount() == 0;
  }

  /** Why a run failed: the signal, if it was one that broke the line. */
  Failure cause(Failure failure) {
    try {
      boolean signal =
          failure.exit() == ExitCode.TRANSPORT
              && fired.await(SAME_SIGNAL_MILLIS, TimeUnit.MILLISECONDS);
      return signal ? failure() : failure;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failure;
    }
  }

  /** Cuts what is watched, as a signal does. */
  void fire() {
    fired.countDown();
    Runnable stop = ending;
    if (stop != null) {
      stop.run();
    }
  }

  private void endRun() {
    if (finished.getCount() == 0) {
      return; // What the run served may be another's by now.
    }
    fire();
    try {
      if (ending == null) {
        System.err.println("snapferry: interrupted");
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
      }
      if (patient) {
        finished.await();
      } else if (!finished.await(UNWIND_SECONDS, TimeUnit.SECONDS)) {
        System.err.println(
            "snapferry: interrupted; a standby is still its last complete epoch, run again");
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED.code());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the process. */
  void exit(int code) {
    System.out.flush();
    System.err.flush();
    if (hasFired()) {
      // The process is on its way down with the signal's code; exit() would wait for its own end.
      Runtime.getRuntime().halt(code);
    }
    finished.countDown();
    System.exit(code);
  }
}
