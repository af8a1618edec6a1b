package snapferry.html;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import snapferry.codec.Amount;

/** Points in time, for people and for programs. */
final class Times {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Times() {}

  /** A time to the minute, in UTC. */
  static void at(Markup page, Instant time) {
    page.element(
        "time", MINUTE.format(time), "datetime", time.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** How long ago it was; the time itself is told to whoever points there. */
  static void ago(Markup page, Instant time, Instant now, String behind) {
    page.element(
        "time",
        Amount.age(Duration.between(time, now)) + behind,
        "datetime",
        time.truncatedTo(ChronoUnit.SECONDS).toString(),
        "title",
        MINUTE.format(time) + " UTC");
  }
}
