package snapferry.delta;

import java.nio.ByteBuffer;
import snapferry.codec.LittleEndian;

/** Zero bytes: finding out that there is nothing else, and a supply of them to write. */
public final class Zeros {
  /** Bytes that {@link #buffer} holds. */
  static final int LENGTH = 64 << 10;

  private static final ByteBuffer SHARED = LittleEndian.direct(LENGTH).asReadOnlyBuffer();

  private Zeros() {}

  /**
   * Whether {@code bytes[offset, offset + length)}, which must lie below the limit, holds only
   * zeros. The buffer's position and limit move and come back, so no other thread may use it
   * meanwhile.
   */
  public static boolean isZero(ByteBuffer bytes, int offset, int length) {
    return zeroPrefix(bytes, offset, length) == length;
  }

  /**
   * Bytes from {@code offset} on that are certainly zero: {@code length} if, and only if, all are.
   */
  static int zeroPrefix(ByteBuffer bytes, int offset, int length) {
    // Most blocks are not zero and show it at once: not worth the start of a vector comparison.
    if (length >= Long.BYTES && bytes.getLong(offset) != 0) {
      return 0;
    }
    int position = bytes.position();
    int limit = bytes.limit();
    int zeros = 0;
    int step;
    int equal;
    do {
      step = Math.min(LENGTH, length - zeros);
      equal = bytes.limit(offset + zeros + step).position(offset + zeros).mismatch(SHARED);
      // No mismatch, -1, is a step as long as the zeros; a shorter one mismatches where it ends.
      equal = equal < 0 ? step : equal;
      zeros += equal;
    } while (equal == step && zeros < length);
    bytes.limit(limit).position(position);
    return zeros;
  }

  /** Fills what is left of {@code into} with zeros. */
  public static void fill(ByteBuffer into) {
    while (into.hasRemaining()) {
      int step = Math.min(LENGTH, into.remaining());
      into.put(into.position(), SHARED, 0, step).position(into.position() + step);
    }
  }

  /** A view of 64 KiB of zeros, whose position and limit belong to the caller. */
  static ByteBuffer buffer() {
    return SHARED.duplicate();
  }
}
