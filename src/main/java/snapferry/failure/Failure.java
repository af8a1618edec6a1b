package snapferry.failure;

import java.io.IOException;

/**
 * A run cannot go on, and this is what to tell the operator: what failed, on which volume, at which
 * offset, what is still intact and what to do next. The {@link ExitCode} says which kind of failure
 * it is.
 *
 * <p>An {@link IOException}, so that one signature serves the device that fails and the check that
 * refuses.
 */
public final class Failure extends IOException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exit;

  public Failure(ExitCode exit, String message) {
    super(message);
    this.exit = exit;
  }

  public Failure(ExitCode exit, String message, Throwable cause) {
    super(message, cause);
    this.exit = exit;
  }

  /** Waiting was interrupted: {@link ExitCode#INTERRUPTED}. The thread stays interrupted. */
  public static Failure interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new Failure(ExitCode.INTERRUPTED, "interrupted", cause);
  }

  /** How the process should end because of this. */
  public ExitCode exit() {
    return exit;
  }

  /**
   * The exit code for any exception: a {@link Failure}'s own, {@link ExitCode#FAILED} otherwise.
   */
  public static ExitCode exitOf(Throwable failure) {
    return failure instanceof Failure own ? own.exit() : ExitCode.FAILED;
  }
}
