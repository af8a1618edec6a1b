package snapferry.wire;

import java.nio.ByteBuffer;
import snapferry.codec.Crc32c;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/**
 * What stands before every payload:
 *
 * <pre>
 *  0      1            4               8               12
 *  +------+------------+---------------+---------------+----------------------+
 *  | type | zero (3)   | length (u32)  | CRC-32C (u32) | payload[length]      |
 *  +------+------------+---------------+---------------+----------------------+
 * </pre>
 *
 * <p>The CRC covers the first eight bytes and the payload.
 *
 * @param type kind of the frame
 * @param length bytes of the payload, within the limits of the type
 * @param crc the checksum that the frame claims to have
 */
public record FrameHeader(FrameType type, int length, int crc) {
  public static final int LENGTH = 12;

  private static final int COVERED = 8;

  /**
   * Reads a header from the next {@link #LENGTH} bytes of {@code in}, in whatever byte order the
   * buffer is set to.
   *
   * @throws FormatException if the type is unknown, reserved bytes are not zero, or the length is
   *     beyond the limits
   */
  public static FrameHeader parse(ByteBuffer in) throws FormatException {
    ByteBuffer bytes = LittleEndian.slice(in, in.position(), LENGTH);
    in.position(in.position() + LENGTH);
    int first = bytes.getInt();
    FrameType type = FrameType.of(first & 0xff);
    if (first >>> 8 != 0) {
      throw new FormatException(type + " frame with reserved bytes that are not zero");
    }
    long length = Integer.toUnsignedLong(bytes.getInt());
    type.requireLength(length);
    return new FrameHeader(type, (int) length, bytes.getInt());
  }

  /**
   * Refuses a frame whose bytes are not those that were sent.
   *
   * @param payload holds the payload from its position to its limit
   * @throws Failure {@link ExitCode#INTEGRITY} if the checksum does not match
   */
  void requireIntact(ByteBuffer payload, Crc32c crc) throws Failure {
    ByteBuffer covered = LittleEndian.heap(COVERED);
    covered.putInt(type.code()).putInt(length);
    crc.reset().add(covered, 0, COVERED).add(payload, payload.position(), payload.limit());
    if (crc.value() != this.crc) {
      throw new Failure(
          ExitCode.INTEGRITY, "a " + type + " frame was damaged on the way: its CRC-32C is wrong");
    }
  }

  /**
   * Writes the header of the frame that begins at {@code start} and whose payload ends at the
   * position of {@code frame}.
   */
  static void seal(FrameType type, ByteBuffer frame, int start, Crc32c crc) {
    int length = frame.position() - start - LENGTH;
    if (length > type.maxPayload()) {
      throw new IllegalArgumentException(type + " frame of " + length + " bytes");
    }
    frame.putInt(start, type.code()).putInt(start + 4, length);
    crc.reset().add(frame, start, start + COVERED).add(frame, start + LENGTH, frame.position());
    frame.putInt(start + COVERED, crc.value());
  }
}
