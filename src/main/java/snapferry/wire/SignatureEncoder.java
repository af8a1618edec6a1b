package snapferry.wire;

import java.nio.ByteBuffer;
import snapferry.codec.Crc32c;
import snapferry.codec.LittleEndian;
import snapferry.delta.SignatureShape;

/**
 * Collects signature entries of consecutive blocks and writes them as one SIGNATURE frame; the
 * layout is at {@link SignatureFrame}. Built once and reused: {@code begin}, {@code add} while it
 * {@code fits}, {@code finish}. Not safe for use by several threads.
 */
public final class SignatureEncoder {
  private final SignatureShape shape;
  private final int entryLength;
  private final int maxBlocks;
  private final Crc32c crc = new Crc32c();
  private final ByteBuffer entries;
  private long first;
  private int blocks;

  /** An encoder with nothing in it. */
  public SignatureEncoder(SignatureShape shape) {
    this.shape = shape;
    entryLength = shape.entryLength();
    maxBlocks = (FrameType.SIGNATURE.maxPayload() - SignatureFrame.FIXED) / entryLength;
    entries = LittleEndian.direct(maxBlocks * entryLength);
  }

  /** Forgets all entries. */
  public void begin() {
    entries.clear();
    blocks = 0;
  }

  /** Whether no entry was added. */
  public boolean isEmpty() {
    return blocks == 0;
  }

  /** Entries that were added. */
  public int blocks() {
    return blocks;
  }

  /**
   * Whether the entry of {@code block} can be added: the first always can, later ones only without
   * a gap.
   */
  public boolean fits(long block) {
    return isEmpty() || (block == first + blocks && blocks < maxBlocks);
  }

  /**
   * Adds the entry of a block that fits.
   *
   * @param entry holds the block hash, not all zeros (such a block travels in ZERO_SIGNATURE), and
   *     a sum for each page that the block has, at {@code entryAt}
   */
  public void add(long block, ByteBuffer entry, int entryAt) {
    if (!fits(block)) {
      throw new IllegalStateException("block " + block + " after " + blocks + " from " + first);
    }
    if (isEmpty()) {
      first = block;
    }
    blocks++;
    int end = entries.position() + entryLength;
    int length = SignatureFrame.usedLength(shape, block);
    entries.put(entries.position(), entry, entryAt, length);
    entries.position(entries.position() + length);
    while (entries.position() < end) {
      entries.put((byte) 0);
    }
  }

  /** The most bytes of a frame: the room that {@link #finish} needs. */
  public int maxFrameLength() {
    return FrameHeader.LENGTH + SignatureFrame.FIXED + entries.capacity();
  }

  /**
   * Appends the entries to {@code out} as a complete frame. After that, {@link #begin} the next.
   *
   * @throws IllegalStateException if no entry was added
   */
  public void finish(ByteBuffer out) {
    if (isEmpty()) {
      throw new IllegalStateException("a SIGNATURE frame without entries");
    }
    int start = out.position();
    ByteBuffer frame = LittleEndian.duplicate(out);
    frame.position(start + FrameHeader.LENGTH);
    frame.putLong(first).putInt(blocks).putInt(0);
    frame.put(entries.flip());
    FrameHeader.seal(FrameType.SIGNATURE, frame, start, crc);
    out.position(frame.position());
  }
}
