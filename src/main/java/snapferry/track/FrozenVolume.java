package snapferry.track;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import snapferry.codec.LittleEndian;
import snapferry.device.BlockDevice;
import snapferry.device.Storage;
import snapferry.extent.Extent;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/**
 * A volume as it was at one moment, while it is written to: what a region held is copied away
 * before its first write since.
 *
 * <pre>
 *  writer   lock of the region: preserved? else read the device ─▶ write the store ─▶ preserved   ─▶ then writes the device
 *  reader   lock of the region: preserved? read the store : read the device
 * </pre>
 *
 * <p>The lock orders them: a reader that finds a region not preserved reads the device before any
 * writer gets past the same lock. When something cannot be copied away, the writer goes on and the
 * frozen volume is lost, for good: it is the copy that has to give way. All writers pass the lock
 * also then, so that what a reader has got is known to be right if the volume is whole afterwards.
 */
final class FrozenVolume implements Closeable {
  /** Regions share locks, and each lock has a buffer for one region. */
  private static final int LOCKS = 8;

  private final BlockDevice device;
  private final Geometry regions;
  private final Storage store;
  private final long limit;
  private final RegionBits preserved;
  private final ByteBuffer[] buffers = new ByteBuffer[LOCKS];
  private final AtomicLong used = new AtomicLong();
  private volatile @Nullable String loss;

  /**
   * @param store empty; gets a region at the offset that it has in the volume
   * @param limit most bytes to copy away
   */
  FrozenVolume(BlockDevice device, Geometry regions, Storage store, long limit) {
    this.device = device;
    this.regions = regions;
    this.store = store;
    this.limit = limit;
    this.preserved = new RegionBits(regions.blocks());
    for (int i = 0; i < LOCKS; i++) {
      buffers[i] = LittleEndian.direct(regions.blockSize().bytes());
    }
  }

  long size() {
    return regions.size();
  }

  /** Bytes that were copied away so far. */
  long used() {
    return used.get();
  }

  /** Before a range is written to. Never fails: what cannot be preserved is lost. */
  void preserve(long offset, long length) {
    long last = regions.blockAt(offset + length - 1);
    for (long region = regions.blockAt(offset); region <= last; region++) {
      if (!preserved.get(region)) {
        preserve(region);
      }
    }
  }

  private void preserve(long region) {
    ByteBuffer buffer = lock(region);
    synchronized (buffer) {
      if (preserved.get(region) || loss != null) {
        return;
      }
      int length = regions.length(region);
      if (used.addAndGet(length) > limit) {
        loss =
            "more was overwritten meanwhile than the " + (limit >> 20) + " MiB there was room for";
        return;
      }
      try {
        device.read(regions.offset(region), buffer.clear().limit(length));
        store.write(regions.offset(region), buffer.flip());
        preserved.set(region, region);
      } catch (IOException e) {
        loss = "what was overwritten could not be kept: " + e.getMessage();
      }
    }
  }

  private ByteBuffer lock(long region) {
    return buffers[(int) (region % LOCKS)];
  }

  /**
   * Fills {@code destination} with what the volume held at the moment.
   *
   * @throws Failure {@link ExitCode#SNAPSHOT_LOST}
   */
  void read(long offset, ByteBuffer destination) throws IOException {
    int end = destination.limit();
    long at = offset;
    while (destination.position() < end) {
      long region = regions.blockAt(at);
      long regionEnd = regions.offset(region) + regions.length(region);
      int count = (int) Math.min(end - destination.position(), regionEnd - at);
      destination.limit(destination.position() + count);
      synchronized (lock(region)) {
        requireWhole();
        (preserved.get(region) ? store : device).read(at, destination);
      }
      at += count;
      destination.limit(end);
    }
  }

  /** As {@link BlockDevice#nextAllocated}: what was copied away counts as allocated. */
  @Nullable Extent nextAllocated(long from) throws IOException {
    // The device first: who makes a hole in a region has preserved it before.
    Extent allocated = device.nextAllocated(from);
    long start = allocated == null ? regions.size() : allocated.offset();
    if (start == from) {
      return allocated;
    }
    long lastHole = regions.blockAt(start - 1);
    long region = preserved.nextSet(regions.blockAt(from), lastHole + 1);
    if (region > lastHole) {
      return allocated;
    }
    long offset = Math.max(from, regions.offset(region));
    return new Extent(offset, regions.offset(region) + regions.length(region) - offset);
  }

  /**
   * Makes sure that everything that was read is what the volume held at the moment.
   *
   * @throws Failure {@link ExitCode#SNAPSHOT_LOST}
   */
  void requireWhole() throws Failure {
    String cause = loss;
    if (cause != null) {
      throw new Failure(
          ExitCode.SNAPSHOT_LOST,
          "the tracker's snapshot of "
              + device.name()
              + " is lost ("
              + cause
              + "). The standby was not touched. --snapshot-size gives it more");
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
