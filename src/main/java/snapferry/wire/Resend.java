package snapferry.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * These blocks did not come out as their hash says, and are wanted whole: block numbers, u64 each.
 *
 * @param blocks strictly ascending, 1 to {@link #MAX_BLOCKS}; whether the volume has them is for
 *     the session to check
 */
public record Resend(List<Long> blocks) implements Message {
  /** The most blocks that can be asked for. A run with more that went wrong has another fault. */
  public static final int MAX_BLOCKS = 1 << 16;

  public Resend {
    blocks = List.copyOf(blocks);
    if (blocks.isEmpty() || blocks.size() > MAX_BLOCKS) {
      throw new IllegalArgumentException("RESEND of " + blocks.size() + " blocks");
    }
    Fields.requireAscending(blocks);
  }

  static Resend read(ByteBuffer in) {
    List<Long> blocks = new ArrayList<>(in.remaining() / Long.BYTES);
    while (in.remaining() >= Long.BYTES) {
      blocks.add(in.getLong());
    }
    return new Resend(blocks);
  }

  @Override
  public void write(ByteBuffer out) {
    for (long block : blocks) {
      out.putLong(block);
    }
  }

  @Override
  public FrameType type() {
    return FrameType.RESEND;
  }
}
