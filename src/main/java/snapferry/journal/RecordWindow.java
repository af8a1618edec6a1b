package snapferry.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.device.Storage;

/** Reads the records of a file in large pieces and shows any of them in one piece. */
final class RecordWindow {
  private final Storage storage;
  private final ByteBuffer buffer;
  private final long start;
  private final long end;

  /** Unread bytes are {@code buffer[from, to)}; they end before {@code next} in the file. */
  private int from;

  private int to;
  private long next;

  /**
   * Shows the records of {@code [start, end)}.
   *
   * @param longest bytes of the longest record
   * @param ahead how many bytes to read beyond one
   */
  RecordWindow(Storage storage, long start, long end, int longest, int ahead) {
    this.storage = storage;
    this.buffer = LittleEndian.direct((int) Math.min(ahead + longest, end - start));
    this.start = start;
    this.end = end;
    rewind();
  }

  /** Goes back to the first record. */
  void rewind() {
    from = 0;
    to = 0;
    next = start;
  }

  /** The bytes that {@link #require} found; the caller may move position and limit. */
  ByteBuffer buffer() {
    return buffer;
  }

  /** Offset in the file of the first unread byte. */
  long offset() {
    return next - (to - from);
  }

  boolean atEnd() {
    return offset() == end;
  }

  /**
   * Brings {@code length} unread bytes into the buffer, and returns where in it they start.
   *
   * @throws FormatException if fewer are left
   */
  int require(int length) throws IOException {
    if (length > end - offset()) {
      throw new FormatException("it is cut off");
    }
    if (to - from < length) {
      buffer.limit(to).position(from).compact();
      to -= from;
      from = 0;
      int limit = (int) Math.min(buffer.capacity(), to + (end - next));
      storage.read(next, buffer.position(to).limit(limit));
      next += limit - to;
      to = limit;
    }
    buffer.clear();
    return from;
  }

  /**
   * Counts {@code length} bytes as read; they stay in the buffer until the next {@link #require}.
   */
  void skip(int length) {
    from += length;
  }
}
