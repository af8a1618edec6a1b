package snapferry.delta;

import snapferry.extent.BlockSize;

/**
 * Adler-32 (RFC 1950) of a window of 4096 bytes that moves byte by byte. Kept exact, so that a step
 * needs no division:
 *
 * <pre>
 * plain    = x[0] + x[1] + … + x[4095]                    at most     1,044,480
 * weighted = 4096 x[0] + 4095 x[1] + … + 1 x[4095]        at most 2,139,617,280, which fits an int
 * Adler-32 = (4096 + weighted) mod 65521 &lt;&lt; 16 | (1 + plain) mod 65521
 * </pre>
 */
final class RollingSum {
  static final int WINDOW = BlockSize.PAGE;

  /** The largest prime below 2^16. */
  static final int BASE = 65521;

  private int plain;
  private int weighted;

  /** Lays the window over {@code bytes[at, at + 4096)}. */
  void start(byte[] bytes, int at) {
    plain = 0;
    weighted = 0;
    for (int i = at; i < at + WINDOW; i++) {
      plain += bytes[i] & 0xff;
      weighted += plain;
    }
  }

  /** Moves the window by a byte: {@code first} is its first, {@code next} the one behind it. */
  void roll(byte first, byte next) {
    int leaves = first & 0xff;
    plain += (next & 0xff) - leaves;
    weighted += plain - WINDOW * leaves;
  }

  /** The sum of the window. */
  int value() {
    return value(plain, weighted);
  }

  /**
   * The Adler-32 of a window.
   *
   * @param plain sum of its bytes, not negative, or what is left of it by {@link #BASE}
   * @param weighted sum of its bytes, each times its distance from the window's end, likewise
   */
  static int value(int plain, int weighted) {
    return (WINDOW + weighted) % BASE << 16 | (1 + plain) % BASE;
  }
}
