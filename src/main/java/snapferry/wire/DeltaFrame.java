package snapferry.wire;

import java.nio.ByteBuffer;
import snapferry.extent.Geometry;

/**
 * Changed blocks, as a view; {@link DeltaDecoder} reads it.
 *
 * <pre>
 *  first block u64 | blocks u16 (1..1024) | encoding u8 | zero u8 | literal length u32
 *  | stored length u32
 *  | blocks × ( gap u16 | new block hash | page runs )
 *  | stored bytes [stored length]
 * </pre>
 *
 * @param payload little-endian; lives as long as the frame it is a view of
 */
public record DeltaFrame(ByteBuffer payload) implements Message {
  /** The most blocks in a frame. */
  public static final int MAX_BLOCKS = 1024;

  /** The most literal bytes in a frame: any one block fits. */
  public static final int MAX_LITERALS = 1 << 20;

  /** The most blocks that can lie between two neighbours in a frame. */
  public static final int MAX_GAP = 0xffff;

  /** Bytes before the first block. */
  static final int FIXED = 20;

  /** Encodings of the literal bytes. */
  static final byte RAW = 0;

  static final byte LZ4 = 1;

  /** Bytes of the pages of a block whose op is {@code op}. */
  public static int bytes(byte op, Geometry geometry, long block, byte[] ops) {
    int pages = geometry.pages(block);
    int bytes = 0;
    for (int page = 0; page < pages; page++) {
      if (ops[page] == op) {
        bytes += geometry.pageLength(block, page);
      }
    }
    return bytes;
  }

  @Override
  public void write(ByteBuffer out) {
    out.put(payload.duplicate());
  }

  @Override
  public FrameType type() {
    return FrameType.DELTA;
  }
}
