package snapferry.cli;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** Tells something again and again, until a signal comes. */
final class Watch implements Task {
  private static final long SECONDS = 2;

  private final Task task;

  Watch(Task task) {
    this.task = task;
  }

  @Override
  public ExitCode run(Report report) throws IOException {
    try {
      while (true) {
        report.renew();
        task.run(report);
        TimeUnit.SECONDS.sleep(SECONDS);
      }
    } catch (InterruptedException e) {
      throw Failure.interrupted(e);
    }
  }
}
