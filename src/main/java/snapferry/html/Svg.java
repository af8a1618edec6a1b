package snapferry.html;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import snapferry.codec.Amount;

/** What the drawings have in common. */
final class Svg {
  /** All drawings are so wide, in units that a browser stretches to the page. */
  static final int WIDTH = 960;

  private Svg() {}

  /** Opens a drawing. */
  static void open(Markup page, int height, String title) {
    page.open("svg", "viewBox", "0 0 " + WIDTH + " " + height, "role", "img", "aria-label", title);
  }

  /** Text at a place. */
  static void label(Markup page, double x, double y, String style, String text) {
    page.element("text", text, "x", number(x), "y", number(y), "class", style);
  }

  /** A thin line across. */
  static void rule(Markup page, double left, double y, double right) {
    page.shape(
        "path",
        "class",
        "rule",
        "d",
        "M%s %sH%s".formatted(number(left), number(y), number(right)));
  }

  /** A coordinate, as short as it can be. */
  static String number(double value) {
    return BigDecimal.valueOf(value)
        .setScale(1, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }

  /** A length of time of a round number: {@code 5 minutes}, {@code 1 day}. */
  static String length(Duration length) {
    if (length.toHours() < 1) {
      return Amount.count(length.toMinutes(), "minute");
    }
    return length.toDays() < 1
        ? Amount.count(length.toHours(), "hour")
        : Amount.count(length.toDays(), "day");
  }
}
