package snapferry.posix;

import java.io.Closeable;

/**
 * A descriptor of {@code /dev/fuse}: requests of the kernel are read from it, answers are written
 * to it. A mount lives as long as one of its descriptors is open in some process.
 *
 * <p>An answer goes to the descriptor that its request was read from. Several threads may use one.
 */
public final class FuseDevice implements Closeable {
  /** Where requests come from. */
  public static final String NODE = "/dev/fuse";

  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 02000000;

  /** _IOR(229, 0, uint32_t): the descriptor to join (linux/fuse.h). */
  private static final long FUSE_DEV_IOC_CLONE = 0x8004e500L;

  private static final int CLOSED = -1;

  private int number;

  FuseDevice(int number) {
    this.number = number;
  }

  /** Opens the device; it belongs to no mount yet. */
  public static FuseDevice open() throws PosixException {
    int number = Libc.CALLS.open(NODE, O_RDWR | O_CLOEXEC, 0);
    if (number < 0) {
      throw new PosixException("open", NODE, Libc.errno());
    }
    return new FuseDevice(number);
  }

  /**
   * Another descriptor of the same mount, with a list of its own for requests that are worked on:
   * threads that each have one do not stand in each other's way.
   */
  public FuseDevice another() throws PosixException {
    FuseDevice other = open();
    // Four bytes are read of the eight; both are little-endian.
    if (Libc.CALLS.ioctl(other.number, FUSE_DEV_IOC_CLONE, new long[] {number}) < 0) {
      int errno = Libc.errno();
      other.close();
      throw new PosixException("ioctl FUSE_DEV_IOC_CLONE", NODE, errno);
    }
    return other;
  }

  /**
   * Waits for a request and reads it.
   *
   * @return its length, or a negative error number: {@link Errno#ENODEV} when the mount is gone
   */
  public int receive(PageBuffer buffer) {
    long result = MountLibc.CALLS.read(number, buffer.address(), buffer.bytes().capacity());
    return result < 0 ? -Libc.errno() : (int) result;
  }

  /**
   * Writes the answer or notification that the buffer begins with.
   *
   * @return a negative error number, if it failed: {@link Errno#ENOENT} when nobody waits for the
   *     answer any more
   */
  public int send(PageBuffer buffer, int length) {
    long result = MountLibc.CALLS.write(number, buffer.address(), length);
    return result < 0 ? -Libc.errno() : (int) result;
  }

  int number() {
    return number;
  }

  /** Closes the descriptor, which no thread must be using; further calls do nothing. */
  @Override
  public void close() throws PosixException {
    if (number != CLOSED) {
      int closing = number;
      number = CLOSED;
      if (Libc.CALLS.close(closing) < 0) {
        throw new PosixException("close", NODE, Libc.errno());
      }
    }
  }
}
