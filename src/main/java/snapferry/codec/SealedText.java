package snapferry.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A small text file whose last line, {@code crc32c: 8 hex digits}, is the checksum of everything
 * before it.
 */
public final class SealedText {
  private static final String CRC_KEY = "crc32c: ";
  private static final int CRC_LINE = CRC_KEY.length() + 8 + 1;

  private SealedText() {}

  /** Adds the checksum to {@code body}, which ends with a line end. */
  public static byte[] seal(String body) {
    return (body + crcLine(body.getBytes(ISO_8859_1))).getBytes(ISO_8859_1);
  }

  /**
   * The body of what {@link #seal} made.
   *
   * @param what it is called in the message
   */
  public static String open(byte[] bytes, String what) throws FormatException {
    if (bytes.length < CRC_LINE) {
      throw new FormatException(what + " of " + bytes.length + " bytes");
    }
    byte[] body = Arrays.copyOf(bytes, bytes.length - CRC_LINE);
    if (!new String(bytes, body.length, CRC_LINE, ISO_8859_1).equals(crcLine(body))) {
      throw new FormatException(what + " whose crc32c line does not match what is before it");
    }
    return new String(body, ISO_8859_1);
  }

  private static String crcLine(byte[] body) {
    return CRC_KEY
        + HexFormat.of().toHexDigits(Crc32c.of(ByteBuffer.wrap(body), 0, body.length))
        + "\n";
  }
}
