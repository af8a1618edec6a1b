package snapferry.wire;

import java.nio.ByteBuffer;

/**
 * These blocks become zero:
 *
 * <pre>
 *  first block u64 | count u64
 * </pre>
 *
 * @param first the first block
 * @param count number of blocks, at least 1; whether the volume has them is for the session to
 *     check
 */
public record Zero(long first, long count) implements Message {
  public Zero {
    Fields.requireBlocks(first, count);
  }

  @Override
  public void write(ByteBuffer out) {
    out.putLong(first).putLong(count);
  }

  @Override
  public FrameType type() {
    return FrameType.ZERO;
  }
}
