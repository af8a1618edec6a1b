package snapferry.extent;

/**
 * A run of bytes of a volume: {@code [offset, offset + length)}. Never empty, never past 2^63 - 1.
 *
 * @param offset first byte, not negative
 * @param length number of bytes, at least 1
 */
public record Extent(long offset, long length) {
  public Extent {
    if (offset < 0 || length < 1 || offset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException("no extent: offset " + offset + ", length " + length);
    }
  }

  /** The offset after the last byte. */
  public long end() {
    return offset + length;
  }

  @Override
  public String toString() {
    return "[" + offset + ", " + end() + ")";
  }
}
