package snapferry.delta;

import static snapferry.delta.SignatureShape.PAGE_SUM;

import java.nio.ByteBuffer;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;
import snapferry.extent.BlockSize;

/**
 * Hashes blocks and pages as {@code signature.md} says:
 *
 * <pre>
 * fast128   XXH64(block, k0) u64 | XXH64(block, k1) u64
 * sha256    SHA-256(block), 32 bytes
 * </pre>
 *
 * <p>and pages as {@link PageSigner} does.
 *
 * <p>Only zeros hash to zeros. Takes direct and heap buffers; results go to absolute places in
 * little-endian buffers. One signer serves one thread, and a buffer is lent to it for the call: its
 * position and limit move and come back. Nothing is allocated per block.
 */
public final class BlockSigner {
  private static final byte[] ZERO_SHA256 = new byte[Sha256.LENGTH];

  private final SignatureShape shape;
  private final XXHash64 xxHash = XXHashFactory.fastestInstance().hash64();
  private final Sha256 sha256 = new Sha256();
  private final PageSigner pageSigner;

  public BlockSigner(SignatureShape shape) {
    this.shape = shape;
    this.pageSigner = new PageSigner(shape.key());
  }

  /**
   * Writes the hash of the block {@code bytes[offset, offset + length)} to {@code into[at, at +
   * hash length)}.
   *
   * @return false if the block holds only zeros, and so does the hash
   */
  public boolean hash(ByteBuffer bytes, int offset, int length, ByteBuffer into, int at) {
    boolean zero = Zeros.isZero(bytes, offset, length);
    switch (shape.hash()) {
      case FAST128 -> {
        long low = zero ? 0 : xxHash.hash(bytes, offset, length, shape.key().k0());
        long high = zero ? 0 : xxHash.hash(bytes, offset, length, shape.key().k1());
        into.putLong(at, low).putLong(at + 8, high);
      }
      case SHA256 -> {
        if (zero) {
          into.put(at, ZERO_SHA256);
        } else {
          sha256.add(bytes, offset, length).finish(into, at);
        }
      }
    }
    if (!zero && Zeros.isZero(into, at, shape.hash().length())) {
      into.put(at, (byte) 1);
    }
    return !zero;
  }

  /**
   * Writes the sums of all pages of the block {@code bytes[offset, offset + length)} to {@code
   * into} from {@code at} on, {@link SignatureShape#pageSumsLength} bytes: for the pages that a
   * short block does not have, zeros.
   */
  public void pageSums(ByteBuffer bytes, int offset, int length, ByteBuffer into, int at) {
    int pages = shape.geometry().blockSize().pages();
    for (int page = 0; page < pages; page++) {
      int start = page * BlockSize.PAGE;
      int pageLength = Math.max(0, Math.min(BlockSize.PAGE, length - start));
      pageSigner.sum(bytes, offset + start, pageLength, into, at + page * PAGE_SUM);
    }
  }
}
