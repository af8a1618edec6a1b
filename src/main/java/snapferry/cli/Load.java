package snapferry.cli;

import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.posix.PosixException;
import snapferry.posix.Priority;
import snapferry.replicate.SourceReading;

/**
 * How much of its host a run takes.
 *
 * @param reading how the source is read
 * @param nice niceness from -20 to 19; null to leave it
 * @param io I/O class and level; null to leave it
 */
record Load(SourceReading reading, @Nullable Integer nice, @Nullable IoPriority io) {
  /** All that there is. */
  static final Load DEFAULT = new Load(SourceReading.DEFAULT, null, null);

  /** An I/O class and, but for the idle one, a level in it from 0 to 7. */
  record IoPriority(Priority.IoClass io, int level) {}

  /** Stands back for others. To be called before any thread is started, which inherits it. */
  void apply() throws Failure {
    try {
      if (nice != null) {
        Priority.nice(nice);
      }
      if (io != null) {
        Priority.io(io.io(), io.level());
      }
    } catch (PosixException e) {
      throw new Failure(
          ExitCode.FAILED,
          "cannot set the priority of this process ("
              + e.getMessage()
              + "): only root may raise it",
          e);
    }
  }
}
