package snapferry.codec;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
public final class Amount {
  /** Java knows by heart how numbers are written there; for others it loads what takes 15 ms. */
  private static final Locale LOCALE = Locale.US;

  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;
  private static final int DAY = 24 * HOUR;

  private Amount() {}

  /** Bytes in a unit that leaves at most four digits: {@code 512 B}, {@code 1.2 GiB}. */
  public static String bytes(long bytes) {
    double amount = bytes;
    int unit = 0;
    while (amount >= 1000 && unit < UNITS.length - 1) {
      amount /= 1024;
      unit++;
    }
    boolean decimal = unit > 0 && amount < 9.95;
    return String.format(LOCALE, decimal ? "%.1f %s" : "%.0f %s", amount, UNITS[unit]);
  }

  /** A count: {@code 1,234}. */
  public static String count(long count) {
    return String.format(LOCALE, "%,d", count);
  }

  /** A count of things: {@code 1 block}, {@code 1,234 blocks}. */
  public static String count(long count, String thing) {
    return count(count) + " " + thing + (count == 1 ? "" : "s");
  }

  /** How long something took: {@code 0.84 s}, {@code 75.0 s}. */
  public static String seconds(double seconds) {
    return String.format(LOCALE, seconds < 10 ? "%.2f s" : "%.1f s", seconds);
  }

  /** How long something will take: {@code 0:09}, {@code 12:30}, {@code 3:05:00}. */
  public static String clock(long seconds) {
    long hours = seconds / HOUR;
    long minutes = seconds / MINUTE % MINUTE;
    return hours > 0
        ? String.format(LOCALE, "%d:%02d:%02d", hours, minutes, seconds % MINUTE)
        : String.format(LOCALE, "%d:%02d", minutes, seconds % MINUTE);
  }

  /** How old something is: {@code 40 seconds}, {@code 5 minutes}, {@code 3 days}. */
  public static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 2 * MINUTE) {
      return count(seconds, "second");
    }
    if (seconds < 2 * HOUR) {
      return count(seconds / MINUTE, "minute");
    }
    return seconds < 2 * DAY ? count(seconds / HOUR, "hour") : count(seconds / DAY, "day");
  }
}
