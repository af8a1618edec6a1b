package snapferry.fuse;

import java.nio.ByteBuffer;
import snapferry.codec.LittleEndian;

/** The answer to a request, made in a buffer that serves all answers of a thread. */
final class Reply {
  private static final int EMPTY = 0;

  private final ByteBuffer bytes;
  private final ByteBuffer window;
  private int bodySize;
  private int errno;

  /**
   * @param bytes where answers begin at 0; long enough for a header and {@link Protocol#MAX_WRITE}
   *     bytes
   */
  Reply(ByteBuffer bytes) {
    this.bytes = LittleEndian.duplicate(bytes);
    this.window = LittleEndian.duplicate(bytes);
  }

  /** Nothing but that it was done. */
  void done() {
    errno = 0;
    bodySize = EMPTY;
  }

  /** It cannot be done. */
  void error(int number) {
    errno = number;
    bodySize = EMPTY;
  }

  boolean isError() {
    return errno != 0;
  }

  /** A body of so many bytes, all zero. */
  void body(int size) {
    errno = 0;
    bodySize = size;
    for (int at = 0; at < size; at += Long.BYTES) {
      put(at, 0L);
    }
  }

  void put(int offset, short value) {
    bytes.putShort(ReplyHeader.SIZE + offset, value);
  }

  void put(int offset, int value) {
    bytes.putInt(ReplyHeader.SIZE + offset, value);
  }

  void put(int offset, long value) {
    bytes.putLong(ReplyHeader.SIZE + offset, value);
  }

  void put(int offset, byte[] value) {
    bytes.put(ReplyHeader.SIZE + offset, value);
  }

  /** A body of so many bytes for somebody else to fill. */
  ByteBuffer content(int size) {
    errno = 0;
    bodySize = size;
    return window.limit(ReplyHeader.SIZE + size).position(ReplyHeader.SIZE);
  }

  /**
   * Puts the header before it.
   *
   * @return the length of the whole answer
   */
  int finish(long unique) {
    int length = ReplyHeader.SIZE + bodySize;
    bytes.putInt(ReplyHeader.LENGTH, length);
    bytes.putInt(ReplyHeader.ERROR, -errno);
    bytes.putLong(ReplyHeader.UNIQUE, unique);
    return length;
  }

  /**
   * Makes it no answer but a request to the kernel: to hand out again what was not answered.
   *
   * @return its length
   */
  int resendNotification() {
    bytes.putInt(ReplyHeader.LENGTH, ReplyHeader.SIZE);
    bytes.putInt(ReplyHeader.ERROR, ReplyHeader.NOTIFY_RESEND);
    bytes.putLong(ReplyHeader.UNIQUE, 0);
    return ReplyHeader.SIZE;
  }
}
