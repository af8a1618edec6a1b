package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import snapferry.codec.LittleEndian;
import snapferry.device.StateDirectory;
import snapferry.extent.BlockSize;
import snapferry.extent.Extent;
import snapferry.journal.UndoHeader;
import snapferry.journal.UndoReader;

/**
 * Several undo records as one: all of them are in the order of the volume, so they are read side by
 * side, and where they overlap the oldest says what was there. Memory is bounded by their number.
 */
final class UndoMerge implements Closeable {
  private static final ByteBuffer ZEROS = LittleEndian.direct(BlockSize.MAX).asReadOnlyBuffer();

  private final List<UndoReader> newestFirst = new ArrayList<>();
  private final List<UndoReader> ahead = new ArrayList<>();
  private boolean begun;

  private UndoMerge() {}

  /**
   * Opens the records of {@code links}.
   *
   * @param links the newest first
   */
  static UndoMerge open(StateDirectory directory, List<UndoHeader> links) throws IOException {
    UndoMerge merge = new UndoMerge();
    try {
      for (UndoHeader link : links) {
        merge.newestFirst.add(UndoReader.open(directory, link.epoch()));
      }
      return merge;
    } catch (Throwable e) {
      merge.close();
      throw e;
    }
  }

  /** The first offset at or after {@code from} of which a record tells; -1 if there is none. */
  long next(long from) throws IOException {
    if (!begun) {
      begun = true;
      for (UndoReader reader : newestFirst) {
        if (reader.next()) {
          ahead.add(reader);
        }
      }
    }
    long first = -1;
    for (UndoReader reader : ahead) {
      long offset = Math.max(from, reader.offset());
      first = first < 0 ? offset : Math.min(first, offset);
    }
    return first;
  }

  /**
   * Puts what was in {@code range} into {@code block}, of which it is the place; what no record
   * tells of is left. Ranges come in ascending order, each after {@link #next} found something in
   * it.
   */
  void overlay(Extent range, ByteBuffer block) throws IOException {
    for (int i = 0; i < ahead.size(); ) {
      if (overlay(ahead.get(i), range, block)) {
        i++;
      } else {
        ahead.remove(i);
      }
    }
  }

  /** Returns whether the record tells of more. */
  private static boolean overlay(UndoReader reader, Extent range, ByteBuffer block)
      throws IOException {
    while (reader.offset() < range.end()) {
      long from = Math.max(range.offset(), reader.offset());
      int length = (int) (Math.min(range.end(), reader.end()) - from);
      int to = (int) (from - range.offset());
      if (reader.isZeros()) {
        block.put(to, ZEROS, 0, length);
      } else {
        block.put(to, reader.bytes(), reader.at() + (int) (from - reader.offset()), length);
      }
      if (reader.end() > range.end()) {
        return true;
      }
      if (!reader.next()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    for (UndoReader reader : newestFirst) {
      reader.close();
    }
  }
}
