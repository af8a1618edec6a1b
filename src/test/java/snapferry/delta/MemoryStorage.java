package snapferry.delta;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import snapferry.device.Storage;

/** A sparse file in memory, which knows how many of its 4 KiB pages were ever written. */
final class MemoryStorage implements Storage {
  private static final int PAGE = 4096;
  private static final byte[] HOLE = new byte[PAGE];

  private final Map<Long, byte[]> pages = new HashMap<>();
  private long size;

  /** Pages that are no holes. */
  int pages() {
    return pages.size();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long offset, ByteBuffer destination) throws EOFException {
    if (offset + destination.remaining() > size) {
      throw new EOFException();
    }
    for (long at = offset; destination.hasRemaining(); ) {
      int inPage = (int) (at % PAGE);
      int step = Math.min(PAGE - inPage, destination.remaining());
      destination.put(pages.getOrDefault(at / PAGE, HOLE), inPage, step);
      at += step;
    }
  }

  @Override
  public void write(long offset, ByteBuffer source) {
    size = Math.max(size, offset + source.remaining());
    for (long at = offset; source.hasRemaining(); ) {
      int inPage = (int) (at % PAGE);
      int step = Math.min(PAGE - inPage, source.remaining());
      source.get(pages.computeIfAbsent(at / PAGE, page -> new byte[PAGE]), inPage, step);
      at += step;
    }
  }

  @Override
  public void resize(long size) {
    pages.keySet().removeIf(page -> page * PAGE >= size);
    byte[] last = pages.get(size / PAGE);
    if (last != null) {
      Arrays.fill(last, (int) (size % PAGE), PAGE, (byte) 0);
    }
    this.size = size;
  }

  @Override
  public void sync() {}

  @Override
  public void close() {}
}
