package snapferry.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** What a command does, apart from failing. */
interface Task {
  /** Makes a task of what the command line says. */
  interface Preparation {
    /**
     * The task.
     *
     * @throws Failure {@link ExitCode#USAGE} if the command line makes no sense
     */
    Task prepare() throws Failure;
  }

  /** Does it. */
  ExitCode run(Report report) throws IOException;

  /**
   * What is intact and what to do next, after a failure of this kind; null to add nothing.
   *
   * @param begun whether the run got beyond its connection
   */
  default @Nullable String advice(ExitCode exit, boolean begun) {
    return null;
  }

  /** The run is over, well or not: the last that there is to tell. */
  default void finish(Report report, ExitCode exit) {}
}
