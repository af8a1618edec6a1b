package snapferry.wire;

import java.nio.ByteBuffer;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.delta.SignatureShape;
import snapferry.delta.Zeros;

/**
 * Reads SIGNATURE frames entry by entry; the layout is at {@link SignatureFrame}. Built once and
 * reused: {@code reset}, then {@code next} until it is false. Not safe for use by several threads.
 */
public final class SignatureDecoder {
  private final SignatureShape shape;
  private final int entryLength;

  private ByteBuffer entries = ByteBuffer.allocate(0);
  private int blocksLeft;
  private long block;
  private int entryAt;

  public SignatureDecoder(SignatureShape shape) {
    this.shape = shape;
    entryLength = shape.entryLength();
  }

  /**
   * Begins with another frame.
   *
   * @param payload of a SIGNATURE frame, from its position to its limit; must stay as it is until
   *     the frame is read
   * @throws FormatException if the frame is not one that an encoder writes
   */
  public void reset(ByteBuffer payload) throws FormatException {
    FrameType.SIGNATURE.requireLength(payload.remaining());
    blocksLeft = 0;
    entries = LittleEndian.duplicate(payload);
    long first = entries.getLong();
    long count = Integer.toUnsignedLong(entries.getInt());
    Fields.zeros(entries, Integer.BYTES);
    if (count == 0 || count * entryLength != entries.remaining()) {
      throw new FormatException(
          "SIGNATURE frame of " + count + " entries in " + entries.remaining() + " bytes");
    }
    long blocks = shape.geometry().blocks();
    if (first < 0 || first > blocks - count) {
      throw new FormatException(
          "SIGNATURE frame of " + count + " blocks from " + Long.toUnsignedString(first) + " on");
    }
    blocksLeft = (int) count;
    block = first - 1;
    entryAt = entries.position() - entryLength;
  }

  /**
   * Goes on to the next entry.
   *
   * @return false if there is none
   * @throws FormatException if its hash is zero, or a sum stands where the block has no page
   */
  public boolean next() throws FormatException {
    if (blocksLeft == 0) {
      return false;
    }
    blocksLeft--;
    block++;
    entryAt += entryLength;
    if (Zeros.isZero(entries, entryAt, shape.hash().length())) {
      throw new FormatException("SIGNATURE frame with a zero hash for block " + block);
    }
    int used = SignatureFrame.usedLength(shape, block);
    if (!Zeros.isZero(entries, entryAt + used, entryLength - used)) {
      throw new FormatException("SIGNATURE frame with sums beyond the end of block " + block);
    }
    return true;
  }

  /** Number of the current block. */
  public long block() {
    return block;
  }

  /** Holds the current entry, {@link SignatureShape#entryLength} bytes at {@link #entryAt}. */
  public ByteBuffer entries() {
    return entries;
  }

  /** Where the current entry is in {@link #entries}. */
  public int entryAt() {
    return entryAt;
  }
}
