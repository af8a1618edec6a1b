package snapferry.ledger;

import java.util.List;
import snapferry.failure.ExitCode;

/** Which of two outcomes is worse: what one exit code says of many runs. */
public final class Severity {
  /**
   * From good to bad: what is well, what mends itself with the next run, what waits for somebody,
   * what casts doubt on data, and that a round was cut short.
   */
  public static final List<ExitCode> ORDER =
      List.of(
          ExitCode.DONE,
          ExitCode.WARNINGS,
          ExitCode.LOCKED,
          ExitCode.TRANSPORT,
          ExitCode.SNAPSHOT_LOST,
          ExitCode.BUSY,
          ExitCode.FAILED,
          ExitCode.USAGE,
          ExitCode.SIZE,
          ExitCode.LINEAGE,
          ExitCode.PROTOCOL,
          ExitCode.DIFFERENT,
          ExitCode.INTEGRITY,
          ExitCode.INTERRUPTED);

  private Severity() {}

  /** The worse of two. */
  public static ExitCode worse(ExitCode one, ExitCode other) {
    return ORDER.indexOf(one) >= ORDER.indexOf(other) ? one : other;
  }

  /** Whether the standby got its epoch. */
  public static boolean isWell(ExitCode exit) {
    return exit == ExitCode.DONE || exit == ExitCode.WARNINGS;
  }
}
