package snapferry.delta;

import java.nio.ByteBuffer;
import java.util.zip.Adler32;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/**
 * Page sums, as {@code signature.md} says, of any bytes as long as a page or shorter:
 *
 * <pre>
 * page sum  Adler-32(page) u32 | XXH64(page, k0 ^ 0x9E3779B97F4A7C15) u64
 * </pre>
 *
 * <p>Only zeros have the sum zero. One signer serves one thread, and a buffer is lent to it for the
 * call: its position and limit move and come back.
 */
final class PageSigner {
  private static final long PAGE_KEY = 0x9E3779B97F4A7C15L;

  private final XXHash64 xxHash = XXHashFactory.fastestInstance().hash64();
  private final Adler32 adler = new Adler32();
  private final long seed;

  PageSigner(SignatureShape.Key key) {
    this.seed = key.k0() ^ PAGE_KEY;
  }

  /** Writes the sum of {@code bytes[offset, offset + length)} to {@code into[at, at + 12)}. */
  void sum(ByteBuffer bytes, int offset, int length, ByteBuffer into, int at) {
    int weak = 0;
    long strong = 0;
    if (!Zeros.isZero(bytes, offset, length)) {
      weak = weak(bytes, offset, length);
      strong = xxHash.hash(bytes, offset, length, seed);
      if (weak == 0 && strong == 0) {
        strong = 1;
      }
    }
    into.putInt(at, weak).putLong(at + Integer.BYTES, strong);
  }

  /** The strong part of the sum alone. */
  long strong(ByteBuffer bytes, int offset, int length) {
    return Zeros.isZero(bytes, offset, length) ? 0 : xxHash.hash(bytes, offset, length, seed);
  }

  /** Adler-32. */
  int weak(ByteBuffer bytes, int offset, int length) {
    int position = bytes.position();
    int limit = bytes.limit();
    adler.reset();
    adler.update(bytes.limit(offset + length).position(offset));
    bytes.limit(limit).position(position);
    return (int) adler.getValue();
  }
}
