package snapferry.replicate;

import java.io.IOException;
import snapferry.device.BlockDevice;

/**
 * Keeps the disk busy while more is received: the system would let written data lie until the sync
 * at the end, which would then take as long as all the writing.
 *
 * <p>What the disk has got is forgotten by the page cache, a few steps later, when it is probably
 * written: so a seed does not push out what this host has in memory for others, and the pages come
 * back at once to be written to again, which costs less than fresh ones. What is not written yet
 * stays.
 *
 * <p>The first of it is left to the system: that is all of a small seed, which then has no use for
 * the native calls, and of a large one what comes while they are loaded.
 */
final class WriteBack {
  /** What is left to the system before anything else. */
  private static final long LEFT = 64L << 20;

  /** What the disk begins with at a time. */
  private static final long STEP = 8L << 20;

  /** How many steps the disk has time for before they are forgotten. */
  private static final int LAG = 16;

  /** Now and then the disk is waited for, so that one that fails is noticed long before the end. */
  private static final long SYNC_STEP = 4L << 30;

  private final BlockDevice device;
  private final long[] offsets = new long[LAG];
  private final long[] lengths = new long[LAG];
  private int step;
  private long written;
  private long unsynced;
  private long unstarted;
  private long from = Long.MAX_VALUE;
  private long end;

  /**
   * @param size bytes that may come
   */
  WriteBack(BlockDevice device, long size) {
    this.device = device;
    if (size > LEFT) {
      Preload.start();
    }
  }

  /** These bytes were written. */
  void wrote(long offset, long length) throws IOException {
    written += length;
    if (written <= LEFT) {
      return;
    }
    from = Math.min(from, offset);
    end = Math.max(end, offset + length);
    unstarted += length;
    unsynced += length;
    if (unstarted >= STEP) {
      device.startWriteBack(from, end - from);
      forgetOneOf(from, end - from);
      unstarted = 0;
      from = Long.MAX_VALUE;
      end = 0;
    }
    if (unsynced >= SYNC_STEP) {
      device.sync();
      unsynced = 0;
    }
  }

  /** Remembers what the disk has begun with, and forgets what it began with long ago. */
  private void forgetOneOf(long offset, long length) throws IOException {
    if (lengths[step] > 0) {
      device.forget(offsets[step], lengths[step]);
    }
    offsets[step] = offset;
    lengths[step] = length;
    step = (step + 1) % LAG;
  }
}
