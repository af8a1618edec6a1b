package snapferry.wire;

import java.nio.ByteBuffer;
import snapferry.codec.FormatException;

/**
 * A frame as it came: complete, and its checksum was right.
 *
 * @param type kind of the frame
 * @param payload little-endian, from its position to its limit; see {@link FrameReader#next} for
 *     how long it lives
 */
public record Frame(FrameType type, ByteBuffer payload) {
  /**
   * What the frame says. A {@link DeltaFrame} or {@link SignatureFrame} is a view of the payload;
   * all others are values.
   *
   * @throws FormatException if the payload is not one that an encoder writes
   */
  public Message message() throws FormatException {
    return Frames.decode(type, payload);
  }
}
