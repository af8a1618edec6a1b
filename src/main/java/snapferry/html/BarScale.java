package snapferry.html;

import java.util.Arrays;

/**
 * How high bars are. A first copy is a thousand times what comes after it, which would be a flat
 * line beside it: so what towers above nine of ten bars is cut off, and drawn as such.
 *
 * @param top the value of a bar of full height; at least 1
 * @param cuts whether there are values above it
 */
record BarScale(long top, boolean cuts) {
  private static final double MOST = 0.9;
  private static final int TOWERS = 5;
  private static final double ROOM = 1.6;

  /** The scale for {@code values}, of which those that are 0 have no bar. */
  static BarScale of(long... values) {
    long[] bars = Arrays.stream(values).filter(each -> each > 0).sorted().toArray();
    if (bars.length == 0) {
      return new BarScale(1, false);
    }
    long highest = bars[bars.length - 1];
    long most = bars[(int) (MOST * (bars.length - 1))];
    boolean cuts = highest / TOWERS > most;
    return new BarScale(cuts ? (long) (ROOM * most) + 1 : highest, cuts);
  }

  /** The height of a bar, from 0 to 1. */
  double height(long value) {
    return Math.min(1, (double) value / top);
  }

  /** Whether a bar is cut off. */
  boolean isCut(long value) {
    return value > top;
  }
}
