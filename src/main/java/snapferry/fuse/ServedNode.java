package snapferry.fuse;

import java.util.concurrent.TimeUnit;

/**
 * A file of the mount as the kernel sees it: number, attributes, time of the last write. Its number
 * depends only on its place in the list of files, so that it is the same after a restart.
 */
final class ServedNode {
  static final int ROOT = 1;
  static final int FIRST_FILE = ROOT + 1;

  private static final int BLOCK = 4096;
  private static final int STAT_BLOCK = 512;
  private static final int WRITE_BITS = 0222;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** As far from 1970 as nanoseconds of 64 bits can say. */
  private static final long MAX_SECONDS = Long.MAX_VALUE / SECOND - 1;

  private final ServedFile file;
  private final long number;
  private final int mode;
  private final int uid;
  private final int gid;
  private final boolean writable;

  /** Nanoseconds since 1970. Not kept over a restart: then it is the time of that. */
  private volatile long modified = now();

  ServedNode(ServedFile file, int index, MountSettings settings) {
    this.file = file;
    this.number = (long) FIRST_FILE + index;
    this.writable = file.isWritable() && !settings.readOnly();
    this.mode = Attributes.REGULAR | (writable ? settings.mode() : settings.mode() & ~WRITE_BITS);
    this.uid = settings.uid();
    this.gid = settings.gid();
  }

  ServedFile file() {
    return file;
  }

  long number() {
    return number;
  }

  boolean isWritable() {
    return writable;
  }

  /** Its content was changed just now. */
  void touch() {
    modified = now();
  }

  /** Sets the time of the last change, as touch(1) does. */
  void setModified(long seconds, int nanos) {
    long near = Math.max(-MAX_SECONDS, Math.min(seconds, MAX_SECONDS));
    modified = near * SECOND + Math.floorMod((long) nanos, SECOND);
  }

  private static long now() {
    return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
  }

  /** Writes its attributes at {@code at} of the answer's body. */
  void describe(Reply reply, int at) {
    long time = modified;
    long seconds = Math.floorDiv(time, SECOND);
    int nanos = (int) Math.floorMod(time, SECOND);
    reply.put(at + Attributes.INODE, number);
    reply.put(at + Attributes.LENGTH, file.size());
    reply.put(at + Attributes.BLOCKS, (file.size() + STAT_BLOCK - 1) / STAT_BLOCK);
    reply.put(at + Attributes.ATIME, seconds);
    reply.put(at + Attributes.MTIME, seconds);
    reply.put(at + Attributes.CTIME, seconds);
    reply.put(at + Attributes.ATIME_NANOS, nanos);
    reply.put(at + Attributes.MTIME_NANOS, nanos);
    reply.put(at + Attributes.CTIME_NANOS, nanos);
    reply.put(at + Attributes.MODE, mode);
    reply.put(at + Attributes.LINKS, 1);
    reply.put(at + Attributes.UID, uid);
    reply.put(at + Attributes.GID, gid);
    reply.put(at + Attributes.BLOCK_SIZE, BLOCK);
  }
}
