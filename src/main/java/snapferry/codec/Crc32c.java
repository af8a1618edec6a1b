package snapferry.codec;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC-32C (Castagnoli, RFC 3720 appendix B.4) over parts of buffers. Not safe for use by several
 * threads.
 */
public final class Crc32c {
  private final CRC32C crc = new CRC32C();

  /** Forgets everything that was added. */
  public Crc32c reset() {
    crc.reset();
    return this;
  }

  /** Adds {@code buffer[from, to)}; position and limit are left as they were. */
  public Crc32c add(ByteBuffer buffer, int from, int to) {
    int position = buffer.position();
    int limit = buffer.limit();
    buffer.limit(to).position(from);
    crc.update(buffer);
    buffer.limit(limit).position(position);
    return this;
  }

  /** The checksum of what was added. */
  public int value() {
    return (int) crc.getValue();
  }

  /** The checksum of {@code buffer[from, to)} alone. */
  public static int of(ByteBuffer buffer, int from, int to) {
    return new Crc32c().add(buffer, from, to).value();
  }
}
