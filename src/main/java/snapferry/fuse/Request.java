package snapferry.fuse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import snapferry.codec.LittleEndian;

/**
 * A request as it was read from the kernel. One object serves all requests that come into its
 * buffer, and makes no other for the usual ones.
 *
 * <p>The protocol is in the machine's byte order, which is little-endian wherever this runs.
 */
final class Request {
  private final ByteBuffer bytes;
  private final ByteBuffer window;
  private int end;

  /**
   * @param bytes where requests begin at 0; at least a header long
   */
  Request(ByteBuffer bytes) {
    this.bytes = LittleEndian.duplicate(bytes);
    this.window = LittleEndian.duplicate(bytes);
  }

  /**
   * A request came.
   *
   * @param length what was read
   * @return whether it can be answered: it has a whole header
   */
  boolean arrived(int length) {
    end = Math.min(length, bytes.capacity());
    return end >= RequestHeader.SIZE;
  }

  /** Whether it is as long as it says. */
  boolean isWhole() {
    return bytes.getInt(RequestHeader.LENGTH) == end;
  }

  int opcode() {
    return bytes.getInt(RequestHeader.OPCODE);
  }

  long unique() {
    return bytes.getLong(RequestHeader.UNIQUE);
  }

  long node() {
    return bytes.getLong(RequestHeader.NODE);
  }

  /** Bytes behind the header. */
  int bodySize() {
    return end - RequestHeader.SIZE;
  }

  /** A field of the body, which must be that long. */
  int int32(int offset) {
    return bytes.getInt(RequestHeader.SIZE + offset);
  }

  /** A field of the body, which must be that long. */
  long int64(int offset) {
    return bytes.getLong(RequestHeader.SIZE + offset);
  }

  /** The body from {@code offset} on, for {@code length} bytes; until the next request. */
  ByteBuffer body(int offset, int length) {
    int start = RequestHeader.SIZE + offset;
    return window.limit(start + length).position(start);
  }

  /** The body as a name that ends with a zero; null if it does not. */
  @Nullable String name() {
    int last = end - 1;
    if (bodySize() < 1 || bytes.get(last) != 0) {
      return null;
    }
    byte[] name = new byte[bodySize() - 1];
    bytes.get(RequestHeader.SIZE, name);
    return new String(name, StandardCharsets.ISO_8859_1);
  }
}
