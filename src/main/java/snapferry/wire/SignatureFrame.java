package snapferry.wire;

import java.nio.ByteBuffer;
import snapferry.delta.SignatureShape;

/**
 * Signature entries of consecutive blocks, as a view; {@link SignatureDecoder} reads it.
 *
 * <pre>
 *  first block u64 | count u32 | zero u32 | count × ( block hash | pages per block × page sum )
 * </pre>
 *
 * @param payload little-endian; lives as long as the frame it is a view of
 */
public record SignatureFrame(ByteBuffer payload) implements Message {
  /** Bytes before the first entry. */
  static final int FIXED = 16;

  /**
   * Bytes of a block's entry that mean something: a short last block has fewer pages than there are
   * places.
   */
  static int usedLength(SignatureShape shape, long block) {
    return shape.hash().length() + shape.geometry().pages(block) * SignatureShape.PAGE_SUM;
  }

  @Override
  public void write(ByteBuffer out) {
    out.put(payload.duplicate());
  }

  @Override
  public FrameType type() {
    return FrameType.SIGNATURE;
  }
}
