package snapferry.delta;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import snapferry.codec.LittleEndian;

/**
 * The hash over all block hashes of a volume: names the content of an epoch. 256 bits, four longs
 * as they stand in little-endian order, so that it is a value.
 */
public record RootHash(long a, long b, long c, long d) {
  public static final int LENGTH = 32;

  /** No content: the root of a target that has no epoch yet. */
  public static final RootHash NONE = new RootHash(0, 0, 0, 0);

  /** Reads 32 bytes from a little-endian buffer. */
  public static RootHash read(ByteBuffer in) {
    return new RootHash(in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }

  /** Writes 32 bytes to a little-endian buffer. */
  public void write(ByteBuffer out) {
    out.putLong(a).putLong(b).putLong(c).putLong(d);
  }

  // Spelled out: what the JVM would put together at the first use takes a start longer than a sync.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RootHash that
        && a == that.a
        && b == that.b
        && c == that.c
        && d == that.d;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(a);
  }

  /** 64 hex digits, in the order of the bytes. */
  @Override
  public String toString() {
    ByteBuffer bytes = LittleEndian.heap(LENGTH);
    write(bytes);
    return HexFormat.of().formatHex(bytes.array());
  }

  /** The first 12 hex digits: enough for people to tell epochs apart. */
  public String brief() {
    return toString().substring(0, 12);
  }
}
