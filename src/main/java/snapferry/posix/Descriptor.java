package snapferry.posix;

import java.io.Closeable;
import java.nio.file.Path;

/**
 * An open file descriptor, for what a {@link java.nio.channels.FileChannel} cannot do: exclusive
 * opening of a device, its size, holes. No bytes pass through it.
 *
 * <p>The constants are those of Linux on x86_64 and aarch64, where they are identical
 * (asm-generic/fcntl.h, linux/fs.h, linux/falloc.h). All calls may be made by several threads, but
 * {@link #close} only when no other call is under way.
 */
public final class Descriptor implements Closeable {
  private static final int O_RDONLY = 0;
  private static final int O_RDWR = 2;
  private static final int O_EXCL = 0200;
  private static final int O_CLOEXEC = 02000000;

  private static final long BLKROGET = 0x125e; // int
  private static final long BLKSSZGET = 0x1268; // int
  private static final long BLKZEROOUT = 0x127f; // u64[2]: offset, length
  private static final long BLKGETSIZE64 = 0x80081272L; // u64, whatever its name in the header says

  private static final long FICLONE = 0x40049409L; // int: the descriptor to clone

  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  private static final int FALLOC_FL_KEEP_SIZE = 1;
  private static final int FALLOC_FL_PUNCH_HOLE = 2;

  private static final int POSIX_FADV_DONTNEED = 4;

  private static final int SYNC_FILE_RANGE_WRITE = 2;

  private static final int CLOSED = -1;

  /** How to open. */
  public enum Access {
    READ(O_RDONLY),
    READ_WRITE(O_RDWR),
    /** For reading, and for a block device only if nobody has mounted or claimed it. */
    EXCLUSIVE_READ(O_RDONLY | O_EXCL),
    /** For reading and writing, and for a block device only if nobody has mounted or claimed it. */
    EXCLUSIVE(O_RDWR | O_EXCL);

    private final int flags;

    Access(int flags) {
      this.flags = flags | O_CLOEXEC;
    }

    /** Whether one can write then. */
    public boolean writes() {
      return (flags & O_RDWR) != 0;
    }
  }

  private final String subject;
  private int number;

  private Descriptor(String subject, int number) {
    this.subject = subject;
    this.number = number;
  }

  /** Binds the C library now, which takes long, so that the first use of a descriptor does not. */
  public static void load() {
    Libc.errno();
  }

  /** Opens what is there; never creates. */
  public static Descriptor open(Path path, Access access) throws PosixException {
    int number = Libc.CALLS.open(path.toString(), access.flags, 0);
    if (number < 0) {
      throw new PosixException("open", path.toString(), Libc.errno());
    }
    return new Descriptor(path.toString(), number);
  }

  /** A path to exactly what is open here, whatever has become of the name it was opened by. */
  public Path path() {
    return Path.of("/proc/self/fd/" + number);
  }

  /** Bytes of a block device. */
  public long deviceSize() throws PosixException {
    long[] bytes = new long[1];
    check("ioctl BLKGETSIZE64", Libc.CALLS.ioctl(number, BLKGETSIZE64, bytes));
    return bytes[0];
  }

  /** Bytes of a logical sector of a block device. */
  public int sectorSize() throws PosixException {
    return deviceAttribute("ioctl BLKSSZGET", BLKSSZGET);
  }

  /** Whether a block device refuses writes. */
  public boolean isReadOnlyDevice() throws PosixException {
    return deviceAttribute("ioctl BLKROGET", BLKROGET) != 0;
  }

  private int deviceAttribute(String call, long request) throws PosixException {
    int[] value = new int[1];
    check(call, Libc.CALLS.ioctl(number, request, value));
    return value[0];
  }

  /**
   * Zeros a range of a block device, by the device's own means or else by the kernel writing them.
   */
  public void zeroOut(long offset, long length) throws PosixException {
    check("ioctl BLKZEROOUT", Libc.CALLS.ioctl(number, BLKZEROOUT, new long[] {offset, length}));
  }

  /**
   * Makes a range a hole that reads as zeros; the size stays. {@link Errno#EOPNOTSUPP} where that
   * cannot be done.
   */
  public void punchHole(long offset, long length) throws PosixException {
    int mode = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
    check("fallocate PUNCH_HOLE", Libc.CALLS.fallocate(number, mode, offset, length));
  }

  /**
   * Makes this file share all of another's blocks, ioctl_ficlone(2): a copy in one moment that
   * costs nothing until either is written to. {@link Errno#EOPNOTSUPP}, {@link Errno#EINVAL} or
   * {@link Errno#ENOTTY} where the file system cannot do that.
   */
  public void cloneFrom(Descriptor source) throws PosixException {
    check("ioctl FICLONE", Libc.CALLS.ioctl(number, FICLONE, source.number));
  }

  /**
   * The first offset from {@code from} on that is not in a hole. {@link Errno#ENXIO} when there is
   * none.
   */
  public long seekData(long from) throws PosixException {
    return check("lseek SEEK_DATA", Libc.CALLS.lseek(number, from, SEEK_DATA));
  }

  /** The first offset from {@code from} on that is in a hole; the end of the file counts as one. */
  public long seekHole(long from) throws PosixException {
    return check("lseek SEEK_HOLE", Libc.CALLS.lseek(number, from, SEEK_HOLE));
  }

  /** Lets the page cache forget a range that was read or synced and will not be wanted again. */
  public void dropCached(long offset, long length) throws PosixException {
    int errno = Libc.CALLS.posix_fadvise(number, offset, length, POSIX_FADV_DONTNEED);
    if (errno != 0) {
      throw new PosixException("posix_fadvise", subject, errno);
    }
  }

  /**
   * Begins to write what is dirty of a range to the disk, sync_file_range(2), and does not wait for
   * it. Makes nothing durable.
   */
  public void startWriteBack(long offset, long length) throws PosixException {
    check(
        "sync_file_range",
        Libc.CALLS.sync_file_range(number, offset, length, SYNC_FILE_RANGE_WRITE));
  }

  private long check(String call, long result) throws PosixException {
    if (result < 0) {
      throw new PosixException(call, subject, Libc.errno());
    }
    return result;
  }

  /** Closes the descriptor; further calls do nothing. */
  @Override
  public synchronized void close() throws PosixException {
    if (number != CLOSED) {
      int closing = number;
      number = CLOSED;
      check("close", Libc.CALLS.close(closing));
    }
  }
}
