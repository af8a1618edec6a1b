package snapferry.wire;

import java.nio.ByteBuffer;
import snapferry.codec.LittleEndian;
import snapferry.delta.Signature;

/**
 * Children of nodes, or entries of blocks, that were asked for, in that order; an answer may take
 * several frames. Its layout follows from the ASK, so it has none of its own.
 *
 * @param bytes whole children of one node after another, or whole entries; from position to limit
 */
public record Nodes(ByteBuffer bytes) implements Message {
  /** The most bytes of a frame: children of 32 nodes. */
  public static final int MAX = 256 << 10;

  /**
   * Bytes of the answer for one place of an ASK: of its children, or on level 0 of the block's
   * entry.
   */
  public static int answerLength(Signature signature, int level, long index) {
    return level == 0 ? signature.shape().entryLength() : signature.childrenLength(level, index);
  }

  /** A copy: unlike other frames with bytes, it waits in a queue until it is read. */
  static Nodes read(ByteBuffer in) {
    ByteBuffer bytes = LittleEndian.heap(in.remaining());
    return new Nodes(bytes.put(in).flip());
  }

  @Override
  public void write(ByteBuffer out) {
    out.put(bytes.duplicate());
  }

  @Override
  public FrameType type() {
    return FrameType.NODES;
  }
}
