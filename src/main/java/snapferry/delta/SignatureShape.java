package snapferry.delta;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * What two signatures must have in common to be compared: the same geometry, hash and key.
 *
 * @param geometry size of the volume and of its blocks
 * @param hash the kind of block hash
 * @param key the volume's random key
 */
public record SignatureShape(Geometry geometry, HashKind hash, Key key) {
  /** Bytes of a page sum: weak u32, strong u64. */
  public static final int PAGE_SUM = 12;

  /** The random 128-bit key of a volume, which seeds its fast hashes. */
  public record Key(long k0, long k1) {
    public static final int LENGTH = 16;

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key that && k0 == that.k0 && k1 == that.k1;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(k0 ^ k1);
    }

    /** Reads 16 bytes from a little-endian buffer. */
    public static Key read(ByteBuffer in) {
      return new Key(in.getLong(), in.getLong());
    }

    /** Writes 16 bytes to a little-endian buffer. */
    public void write(ByteBuffer out) {
      out.putLong(k0).putLong(k1);
    }
  }

  // Spelled out: what the JVM would put together at the first use takes a start longer than a sync.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SignatureShape that
        && geometry.equals(that.geometry)
        && hash == that.hash
        && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return 31 * geometry.hashCode() + key.hashCode();
  }

  /** Bytes of all page sums of a whole block. */
  public int pageSumsLength() {
    return geometry.blockSize().pages() * PAGE_SUM;
  }

  /** Bytes of a signature entry: block hash and page sums. */
  public int entryLength() {
    return hash.length() + pageSumsLength();
  }

  /** The largest entry that any shape has: SHA-256 and blocks of 1 MiB. */
  public static int maxEntryLength() {
    return HashKind.SHA256.length() + BlockSize.MAX / BlockSize.PAGE * PAGE_SUM;
  }
}
