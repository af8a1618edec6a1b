package snapferry.delta;

import java.nio.ByteBuffer;
import java.util.Arrays;
import snapferry.codec.LittleEndian;
import snapferry.extent.Geometry;

/** The signature of bytes in memory, which counts how often it is asked for sums. */
final class Basis implements BasisSums {
  final SignatureShape shape;
  private final Geometry geometry;
  private final byte[] content;
  private final ByteBuffer hashes;
  private final ByteBuffer sums;

  /** Blocks that are known. */
  long known;

  /** How often page sums were asked for. */
  int asked;

  Basis(byte[] content, int blockSize) {
    this.shape = Volume.shape(content.length, blockSize, HashKind.FAST128);
    this.geometry = shape.geometry();
    this.content = content;
    this.known = geometry.blocks();
    int blocks = (int) geometry.blocks();
    hashes = LittleEndian.heap(blocks * shape.hash().length());
    sums = LittleEndian.heap(blocks * shape.pageSumsLength());
    // A signer looks at whole blocks.
    ByteBuffer bytes = LittleEndian.direct(blocks * blockSize).put(content).clear();
    BlockSigner signer = new BlockSigner(shape);
    for (int i = 0; i < blocks; i++) {
      int at = (int) geometry.offset(i);
      signer.hash(bytes, at, geometry.length(i), hashes, i * shape.hash().length());
      signer.pageSums(bytes, at, geometry.length(i), sums, i * shape.pageSumsLength());
    }
  }

  /** The bytes from {@code offset} on. */
  byte[] bytes(long offset, int length) {
    return Arrays.copyOfRange(content, (int) offset, (int) offset + length);
  }

  @Override
  public long known() {
    return known;
  }

  @Override
  public void pageSums(long first, int count, ByteBuffer into) {
    asked += count;
    int length = shape.pageSumsLength();
    into.put(sums.slice((int) first * length, count * length));
  }

  @Override
  public long nextNonZero(long from, long limit) {
    int length = shape.hash().length();
    long block = from;
    while (block < limit && Zeros.isZero(hashes, (int) block * length, length)) {
      block++;
    }
    return Math.min(block, limit);
  }
}
