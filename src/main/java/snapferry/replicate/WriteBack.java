package snapferry.replicate;

import java.io.IOException;
import snapferry.device.BlockDevice;

/**
 * Keeps the disk busy while more is received: the system would let written data lie until the sync
 * at the end, which would then take as long as all the writing.
 */
final class WriteBack {
  /** What the disk begins with at a time. */
  private static final long STEP = 8L << 20;

  /** Now and then the disk is waited for, so that one that fails is noticed long before the end. */
  private static final long SYNC_STEP = 4L << 30;

  private final BlockDevice device;
  private long unsynced;
  private long unstarted;
  private long from = Long.MAX_VALUE;
  private long end;

  WriteBack(BlockDevice device) {
    this.device = device;
  }

  /** These bytes were written. */
  void wrote(long offset, long length) throws IOException {
    from = Math.min(from, offset);
    end = Math.max(end, offset + length);
    unstarted += length;
    unsynced += length;
    if (unstarted >= STEP) {
      device.startWriteBack(from, end - from);
      unstarted = 0;
      from = Long.MAX_VALUE;
      end = 0;
    }
    if (unsynced >= SYNC_STEP) {
      device.sync();
      unsynced = 0;
    }
  }
}
