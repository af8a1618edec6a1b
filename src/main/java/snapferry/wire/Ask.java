package snapferry.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import snapferry.codec.FormatException;

/**
 * The sender wants to know what the standby's stored signature has below these nodes of its hash
 * tree, or the entries of these blocks; the answer is NODES:
 *
 * <pre>
 *  level u8 | zero (3) | indices, u64 each
 * </pre>
 *
 * @param level of the nodes whose children are asked for; 0 for the entries of blocks
 * @param indices strictly ascending, 1 to {@link #MAX_INDICES}; whether the tree has them is for
 *     the session to check
 */
public record Ask(int level, List<Long> indices) implements Message {
  /** Levels of a tree over 2^48 blocks and 256 children a node. */
  public static final int MAX_LEVEL = 6;

  /** The most nodes or blocks that can be asked for at once. */
  public static final int MAX_INDICES = 1 << 16;

  static final int FIXED = 4;

  public Ask {
    indices = List.copyOf(indices);
    if (level < 0 || level > MAX_LEVEL) {
      throw new IllegalArgumentException("ASK for level " + level);
    }
    if (indices.isEmpty() || indices.size() > MAX_INDICES) {
      throw new IllegalArgumentException("ASK for " + indices.size() + " places");
    }
    Fields.requireAscending(indices);
  }

  static Ask read(ByteBuffer in) throws FormatException {
    int level = Fields.u8(in);
    Fields.zeros(in, 3);
    List<Long> indices = new ArrayList<>(in.remaining() / Long.BYTES);
    while (in.remaining() >= Long.BYTES) {
      indices.add(in.getLong());
    }
    return new Ask(level, indices);
  }

  @Override
  public void write(ByteBuffer out) {
    out.putInt(level);
    indices.forEach(out::putLong);
  }

  @Override
  public FrameType type() {
    return FrameType.ASK;
  }
}
