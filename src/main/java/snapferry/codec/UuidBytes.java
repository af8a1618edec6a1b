package snapferry.codec;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * UUIDs in little-endian buffers: 16 bytes in the order of RFC 9562, most significant first, unlike
 * every other field.
 */
public final class UuidBytes {
  private UuidBytes() {}

  public static UUID read(ByteBuffer in) {
    return new UUID(Long.reverseBytes(in.getLong()), Long.reverseBytes(in.getLong()));
  }

  public static void write(UUID uuid, ByteBuffer out) {
    out.putLong(Long.reverseBytes(uuid.getMostSignificantBits()));
    out.putLong(Long.reverseBytes(uuid.getLeastSignificantBits()));
  }
}
