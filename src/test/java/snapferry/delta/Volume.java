package snapferry.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import snapferry.codec.LittleEndian;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/** Shapes and signatures of volumes that tests make up. */
final class Volume {
  static final SignatureShape.Key KEY =
      new SignatureShape.Key(0x0123456789abcdefL, 0xfedcba9876543210L);

  private Volume() {}

  static SignatureShape shape(long size, int blockSize, HashKind hash) {
    return new SignatureShape(new Geometry(size, new BlockSize(blockSize)), hash, KEY);
  }

  /** Of so many blocks of 4 KiB, the last of them short. */
  static SignatureShape blocks(long blocks, HashKind hash) {
    return shape(blocks * 4096 - 512, 4096, hash);
  }

  /** An entry as good as any: random bytes. */
  static ByteBuffer randomEntry(SignatureShape shape, SplittableRandom random) {
    byte[] bytes = new byte[shape.entryLength()];
    random.nextBytes(bytes);
    return LittleEndian.wrap(bytes);
  }

  /** A signature with about one of {@code oneIn} entries set to random ones, and its tree. */
  static Signature random(
      MemoryStorage storage, SignatureShape shape, SplittableRandom random, int oneIn)
      throws IOException {
    Signature signature = Signature.create(storage, shape);
    for (long block = 0; block < shape.geometry().blocks(); block++) {
      if (random.nextInt(oneIn) == 0) {
        signature.putEntry(block, randomEntry(shape, random));
      }
    }
    signature.rebuildTree();
    return signature;
  }

  /** All bytes of a small file. */
  static byte[] content(MemoryStorage storage) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) storage.size());
    storage.read(0, bytes);
    return bytes.array();
  }
}
