package snapferry.cli;

import java.io.IOException;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.ledger.Severity;

/** Runs a {@link Task}: whatever happens becomes a message and an exit code. */
final class Run {
  private Run() {}

  /** The exit code of the process. */
  static int of(Task.Preparation preparation, OutputOptions options, Interruption interruption) {
    return process(preparation, options.report(), interruption);
  }

  /**
   * The exit code of the process. A result that got nowhere is none: where all went well but that,
   * the command failed.
   */
  static int process(Task.Preparation preparation, Report report, Interruption interruption) {
    ExitCode exit = of(preparation, report, interruption);
    if (report.hasLostResults()) {
      report.failure(
          new Failure(ExitCode.FAILED, "the results could not be written to stdout"),
          "how the command ended apart from that: " + exit.code() + " (" + exit.meaning() + ")");
      exit = Severity.isWell(exit) ? ExitCode.FAILED : exit;
    }
    return exit.code();
  }

  /** How it ended. */
  static ExitCode of(Task.Preparation preparation, Report report, Interruption interruption) {
    ExitCode exit;
    try {
      Task task = preparation.prepare();
      exit = exit(task, report, interruption);
      task.finish(report, exit);
    } catch (Failure e) {
      report.failure(e, null);
      exit = e.exit();
    }
    report.close();
    return exit;
  }

  private static ExitCode exit(Task task, Report report, Interruption interruption) {
    try {
      ExitCode exit = task.run(report);
      return exit == ExitCode.DONE && report.warned() ? ExitCode.WARNINGS : exit;
    } catch (Failure e) {
      Failure failure = interruption.cause(e);
      report.failure(failure, task.advice(failure.exit(), report.begun()));
      return failure.exit();
    } catch (IOException e) {
      report.failure(
          new Failure(ExitCode.FAILED, describe(e), e),
          task.advice(ExitCode.FAILED, report.begun()));
      return ExitCode.FAILED;
    } catch (RuntimeException | Error e) {
      report.bug(e);
      return ExitCode.FAILED;
    }
  }

  /** An exception of a file is named after what went wrong, and its message is only the file. */
  private static String describe(IOException e) {
    boolean sentence = e.getClass() == IOException.class && e.getMessage() != null;
    return sentence ? String.valueOf(e.getMessage()) : e.toString();
  }
}
