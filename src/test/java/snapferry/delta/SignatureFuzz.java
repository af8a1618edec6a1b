package snapferry.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.NullMarked;
import snapferry.codec.Crc32c;
import snapferry.codec.LittleEndian;

/**
 * Fuzz target: a signature file whose header has a right checksum, and whose length goes with it.
 * The input is 40 bytes of header, then pieces of the file ({@code block u16 | length u8 | bytes}),
 * laid where the entry of that block begins. What can be opened can be read, and its tree rebuilt.
 */
@NullMarked
public final class SignatureFuzz {
  private static final int CRC = 40;
  private static final int MAX_BLOCKS = 4000;

  private SignatureFuzz() {}

  /** The entry of Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    ByteBuffer in = LittleEndian.wrap(input);
    ByteBuffer header = LittleEndian.heap(SignatureHeader.LENGTH);
    header.put(in.slice(0, Math.min(CRC, input.length)));
    header.putInt(CRC, Crc32c.of(header, 0, CRC));
    MemoryStorage storage = new MemoryStorage();
    storage.write(0, header.rewind());
    try {
      SignatureLayout layout = new SignatureLayout(SignatureHeader.decode(header));
      storage.resize(layout.length());
      for (in.position(Math.min(CRC, input.length)); in.remaining() > 3; ) {
        long at = layout.hashes() + Short.toUnsignedLong(in.getShort()) * 16;
        int length = Math.min(Byte.toUnsignedInt(in.get()), in.remaining());
        if (at + length <= layout.length()) {
          storage.write(at, in.slice(in.position(), length));
        }
        in.position(in.position() + length);
      }
      read(Signature.open(storage));
    } catch (IOException e) {
      // Refused: as it should be.
    }
  }

  private static void read(Signature signature) throws IOException {
    long blocks = signature.shape().geometry().blocks();
    ByteBuffer entry = ByteBuffer.allocate(signature.shape().entryLength());
    signature.entry(0, entry);
    signature.entry(blocks - 1, entry.clear());
    signature.root();
    if (blocks > MAX_BLOCKS) {
      return;
    }
    for (long at = 0; at < blocks; at++) {
      long next = signature.nextNonZero(at, blocks);
      if (next < at || next > blocks) {
        throw new AssertionError("after block " + at + " comes " + next);
      }
      at = next;
    }
    signature.rebuildTree();
    if (!signature.isTreeSound()) {
      throw new AssertionError("a tree that was rebuilt and is not sound");
    }
  }
}
