package snapferry.wire;

import java.nio.ByteBuffer;

/**
 * These blocks of the basis hold only zeros:
 *
 * <pre>
 *  first block u64 | count u64
 * </pre>
 *
 * @param first the first block
 * @param count number of blocks, at least 1; whether the volume has them is for the session to
 *     check
 */
public record ZeroSignature(long first, long count) implements Message {
  public ZeroSignature {
    Fields.requireBlocks(first, count);
  }

  @Override
  public void write(ByteBuffer out) {
    out.putLong(first).putLong(count);
  }

  @Override
  public FrameType type() {
    return FrameType.ZERO_SIGNATURE;
  }
}
