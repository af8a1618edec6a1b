package snapferry.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import snapferry.codec.LittleEndian;
import snapferry.extent.BlockSize;

/**
 * Sets items of a section in ascending order. Those that lie close together reach the file in one
 * write, with what lies between them as it was:
 *
 * <pre>
 *  window   A B . . C . D . . . . . . .     A and B are not worth a read; for C the rest is read
 *           └───────────┘                   written when the next item is far away, and at flush
 * </pre>
 *
 * <p>For one thread. What was set is not read back from the section before {@link #flush}.
 */
final class SectionWriter {
  /** Bytes of a window: few to read in vain, and as many items as a write is worth. */
  private static final int WINDOW = 16 << 10;

  private final Section section;
  private final int capacity;
  private final int gap;
  private final ByteBuffer window;

  /** The item that the window begins with. */
  private long first;

  /** So many items of the window are those of the file, or newer. */
  private int loaded;

  /** Of those, so many are to be written; 0 when nothing was set. */
  private int set;

  /**
   * @param alone whether nobody else writes to the section meanwhile; else a window has one item
   */
  SectionWriter(Section section, boolean alone) {
    int item = section.itemLength();
    this.section = section;
    this.capacity = alone ? WINDOW / item : 1;
    // Pages between two items are not made dirty for their sake, and a hole there stays one.
    this.gap = BlockSize.PAGE / item;
    this.window = LittleEndian.direct(capacity * item);
  }

  /** Sets {@code item} to the bytes of {@code from} at its position, which advances. */
  void put(long item, ByteBuffer from) throws IOException {
    Objects.checkIndex(item, section.items());
    int length = section.itemLength();
    long place = item - first;
    if (set == 0 || place < 0 || place >= capacity || place - set > gap) {
      flush();
      first = item;
      place = 0;
      loaded = 0;
    } else if (place > loaded) {
      load();
    }
    window.put((int) place * length, from, from.position(), length);
    from.position(from.position() + length);
    set = Math.max(set, (int) place + 1);
    loaded = Math.max(loaded, set);
  }

  private void load() throws IOException {
    int count = (int) Math.min(capacity, section.items() - first);
    section.read(
        first + loaded, count - loaded, window.clear().position(loaded * section.itemLength()));
    loaded = count;
  }

  /** Writes what was set. */
  void flush() throws IOException {
    if (set > 0) {
      section.write(first, set, window.clear());
      set = 0;
    }
  }
}
