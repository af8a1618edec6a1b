package snapferry.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Buffers in the byte order of every format. */
public final class LittleEndian {
  private LittleEndian() {}

  /** A new buffer outside the heap, for what is read from and written to files often. */
  public static ByteBuffer direct(int length) {
    return ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A new buffer on the heap, for what is small or short-lived. */
  public static ByteBuffer heap(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** These bytes as a buffer. */
  public static ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The same bytes, position and limit; moving one does not move the other. */
  public static ByteBuffer duplicate(ByteBuffer bytes) {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** {@code bytes[offset, offset + length)} as a buffer of its own, which starts at 0. */
  public static ByteBuffer slice(ByteBuffer bytes, int offset, int length) {
    return bytes.slice(offset, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Eight ASCII characters as the long that they are in a buffer: what a file begins with. */
  public static long magic(String characters) {
    return wrap(characters.getBytes(StandardCharsets.US_ASCII)).getLong();
  }
}
