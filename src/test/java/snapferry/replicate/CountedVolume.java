package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import snapferry.device.BlockDevice;
import snapferry.extent.Extent;

/** A volume whose every byte is known, and that counts how often each piece of it is read. */
@NullMarked
final class CountedVolume {
  static final int PIECE = SharedReading.PIECE;

  private final long size;
  private final AtomicIntegerArray reads;
  private final AtomicInteger generation = new AtomicInteger();
  private volatile long unreadable = -1;
  private volatile long stalling = -1;
  private final CountDownLatch stalled = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  CountedVolume(int pieces) {
    this.size = (long) pieces * PIECE;
    this.reads = new AtomicIntegerArray(pieces);
  }

  long size() {
    return size;
  }

  /** How often a piece was read, or a part of it. */
  int reads(int piece) {
    return reads.get(piece);
  }

  /** How often one of these pieces was read, all together. */
  int reads(int first, int last) {
    int sum = 0;
    for (int piece = first; piece <= last; piece++) {
      sum += reads.get(piece);
    }
    return sum;
  }

  /** Everything is something else now. */
  void overwrite() {
    generation.incrementAndGet();
  }

  void breakPiece(int piece) {
    unreadable = piece;
  }

  /** Lets the next read of this piece hang until {@link #release}. */
  void stall(int piece) {
    stalling = piece;
  }

  void awaitStall() throws InterruptedException {
    stalled.await();
  }

  void release() {
    stalling = -1;
    released.countDown();
  }

  /** What the eight bytes at an offset are. */
  private long at(long offset) {
    return (offset + generation.get()) * 0x9E3779B97F4A7C15L;
  }

  /** Whether {@code bytes} are those from {@code offset} on: two of each sector are looked at. */
  boolean is(ByteBuffer bytes, long offset) {
    for (int i = 0; i < bytes.limit(); i += 256) {
      if (bytes.getLong(i) != at(offset + i)) {
        return false;
      }
    }
    return true;
  }

  /** The volume, opened once more. */
  BlockDevice open() {
    return new Opened();
  }

  private final class Opened implements BlockDevice {
    @Override
    public String name() {
      return "counted";
    }

    @Override
    public boolean isDevice() {
      return true;
    }

    @Override
    public int sectorSize() {
      return 512;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void read(long offset, ByteBuffer destination) throws IOException {
      int piece = (int) (offset / PIECE);
      reads.incrementAndGet(piece);
      if (piece == stalling) {
        hang();
      }
      if (piece == unreadable) {
        destination.put((byte) 0);
        throw new IOException("counted: cannot read LBA " + offset / 512);
      }
      for (long at = offset; destination.hasRemaining(); at += Long.BYTES) {
        destination.putLong(at(at));
      }
    }

    private void hang() throws IOException {
      stalled.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new ClosedByInterruptException();
      }
    }

    @Override
    public @Nullable Extent nextAllocated(long from) {
      return from == size ? null : new Extent(from, size - from);
    }

    @Override
    public void write(long offset, ByteBuffer source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void zero(long offset, long length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void resize(long length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void sync() {}

    @Override
    public void close() {}
  }
}
