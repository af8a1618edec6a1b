package snapferry.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/**
 * How long something takes or how often it happens, as people write it: {@code 90s}, {@code 5m}.
 */
public final class Period {
  private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,4})([smhd])");
  private static final Duration MAX = Duration.ofDays(366);

  private Period() {}

  /**
   * Reads a number with its unit: {@code s}, {@code m}, {@code h} or {@code d}.
   *
   * @param name of the option or key
   * @return from a second to 366 days
   * @throws Failure {@link ExitCode#USAGE} if it is none
   */
  public static Duration parse(String name, String text) throws Failure {
    Matcher matcher = TEXT.matcher(text);
    if (matcher.matches()) {
      long count = Long.parseLong(matcher.group(1));
      Duration period =
          switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          };
      if (period.compareTo(MAX) <= 0) {
        return period;
      }
    }
    throw new Failure(
        ExitCode.USAGE,
        name
            + " takes a number with s, m, h or d, as in 90s or 5m, up to 366d, not '"
            + text
            + "'");
  }
}
