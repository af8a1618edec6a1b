package snapferry.plan;

import java.util.Locale;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** Words for plans that are refused. */
final class Refusal {
  private Refusal() {}

  static Failure refuse(ExitCode exit, String format, Object... arguments) {
    return new Failure(exit, String.format(Locale.ROOT, format, arguments));
  }

  /** A size for people who have to compare two of them: exact. */
  static String bytes(long count) {
    return String.format(Locale.ROOT, "%,d bytes", count);
  }
}
