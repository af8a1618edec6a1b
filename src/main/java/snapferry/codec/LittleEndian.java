package snapferry.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Buffers in the byte order of every format. */
public final class LittleEndian {
  /** Where in memory a direct buffer of at least so many bytes begins: at a multiple of this. */
  public static final int ALIGNMENT = 4096;

  private LittleEndian() {}

  /**
   * A new buffer outside the heap, for what is read from and written to files often. One of a page
   * or more begins at a page: the kernel copies to such memory up to four times faster than to what
   * Java allocates (which begins 16 bytes behind a cache line), and O_DIRECT takes no other.
   */
  public static ByteBuffer direct(int length) {
    ByteBuffer bytes =
        length < ALIGNMENT
            ? ByteBuffer.allocateDirect(length)
            : ByteBuffer.allocateDirect(length + 2 * ALIGNMENT)
                .alignedSlice(ALIGNMENT)
                .slice(0, length);
    return bytes.order(ByteOrder.LITTLE_ENDIAN);
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
