package snapferry.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import snapferry.codec.LittleEndian;
import snapferry.device.Storage;

/**
 * A part of a signature file that holds items of one length, most of which may be zero and then lie
 * in a hole. Safe for use by several threads, as its storage is.
 *
 * @param storage the file
 * @param offset where the first item starts
 * @param itemLength bytes of an item
 * @param items how many there are
 */
record Section(Storage storage, long offset, int itemLength, long items) {
  private static final int CHUNK = 64 << 10;

  /**
   * For parts of entries on their way within one call. Per thread, because readers and a writer
   * share a signature and none of them may allocate per block.
   */
  static final ThreadLocal<ByteBuffer> SCRATCH =
      ThreadLocal.withInitial(() -> LittleEndian.direct(CHUNK));

  private static final ThreadLocal<ByteBuffer> ZEROS = ThreadLocal.withInitial(Zeros::buffer);

  /** Puts items {@code [first, first + count)} into {@code into} at its position. */
  void read(long first, int count, ByteBuffer into) throws IOException {
    Objects.checkFromIndexSize(first, count, items);
    int limit = into.limit();
    storage.read(place(first), into.limit(end(into, count)));
    into.limit(limit);
  }

  /** Writes items {@code [first, first + count)}, taken from {@code from} at its position. */
  void write(long first, int count, ByteBuffer from) throws IOException {
    Objects.checkFromIndexSize(first, count, items);
    int limit = from.limit();
    storage.write(place(first), from.limit(end(from, count)));
    from.limit(limit);
  }

  private int end(ByteBuffer buffer, int count) {
    Objects.checkFromIndexSize(0, count * itemLength, buffer.remaining());
    return buffer.position() + count * itemLength;
  }

  private long place(long item) {
    return offset + item * itemLength;
  }

  /**
   * The first item in {@code [from, limit)} that is not zero, or {@code limit}. Reads everything up
   * to it.
   */
  long nextNonZero(long from, long limit) throws IOException {
    ByteBuffer scratch = SCRATCH.get();
    // The first look is short: in a signature without holes it is the only one.
    int count = 1;
    for (long item = from; item < limit; item += count, count = CHUNK / itemLength) {
      count = (int) Math.min(count, limit - item);
      read(item, count, scratch.clear());
      int zeros = Zeros.zeroPrefix(scratch, 0, count * itemLength);
      if (zeros < count * itemLength) {
        return item + zeros / itemLength;
      }
    }
    return limit;
  }

  /** Writes zeros over items {@code [first, first + count)}, whatever they are. */
  void clear(long first, long count) throws IOException {
    Objects.checkFromIndexSize(first, count, items);
    ByteBuffer zeros = ZEROS.get();
    long end = place(first + count);
    for (long at = place(first); at < end; at += zeros.limit()) {
      storage.write(at, zeros.clear().limit((int) Math.min(zeros.capacity(), end - at)));
    }
  }
}
