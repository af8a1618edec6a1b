package snapferry.device;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import snapferry.extent.Extent;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.posix.Descriptor;
import snapferry.posix.Errno;
import snapferry.posix.PosixException;

/**
 * A block device, by its node. A target is held exclusively (O_EXCL) until it is closed, so that
 * nobody can mount it or build on it meanwhile; the kernel refuses if somebody has already.
 *
 * <p>Bytes go through a {@link FileChannel} that is opened through the native descriptor, not by
 * name: both are the same device even if the node is replaced in between.
 */
public final class BlockSpecial extends ChannelStorage implements BlockDevice {
  /** One BLKZEROOUT, which older kernels cannot interrupt, takes seconds for this much at most. */
  private static final long ZERO_OUT_STEP = 128 << 20;

  private final Descriptor descriptor;

  private BlockSpecial(String name, FileChannel channel, Descriptor descriptor) {
    super(name, channel);
    this.descriptor = descriptor;
  }

  /** Opens a device for reading; it may be in use. */
  public static BlockSpecial openRead(Path path) throws IOException {
    return openRead(path, path.toString());
  }

  /** Opens a device for reading that messages call {@code name}. */
  static BlockSpecial openRead(Path path, String name) throws IOException {
    return over(name, openNode(path, path, Descriptor.Access.READ), READ);
  }

  /**
   * Opens a device for reading and writing, and keeps everybody else from claiming it.
   *
   * @throws Failure {@link ExitCode#BUSY} if it is mounted or held, {@link ExitCode#FAILED} if it
   *     cannot be written to
   */
  public static BlockSpecial openWrite(Path path) throws IOException {
    try (Descriptor node = openNode(path, path, Descriptor.Access.READ)) {
      if (node.isReadOnlyDevice()) {
        throw new Failure(
            ExitCode.FAILED,
            path
                + " is a read-only device: blockdev --setrw makes it writable, if that is"
                + " intended");
      }
      return over(
          path.toString(), openNode(path, node.path(), Descriptor.Access.EXCLUSIVE), READ, WRITE);
    }
  }

  /**
   * Opens a device for reading, and keeps everybody else from claiming it.
   *
   * @throws Failure {@link ExitCode#BUSY} if it is mounted or held
   */
  static BlockSpecial openReadExclusively(Path path) throws IOException {
    return over(path.toString(), openNode(path, path, Descriptor.Access.EXCLUSIVE_READ), READ);
  }

  private static BlockSpecial over(String name, Descriptor descriptor, OpenOption... options)
      throws IOException {
    try {
      return new BlockSpecial(name, FileChannel.open(descriptor.path(), options), descriptor);
    } catch (IOException e) {
      descriptor.close();
      throw e;
    }
  }

  private static Descriptor openNode(Path path, Path node, Descriptor.Access access)
      throws IOException {
    try {
      return Descriptor.open(node, access);
    } catch (PosixException e) {
      throw switch (e.errno()) {
        case Errno.EBUSY -> new Failure(ExitCode.BUSY, path + " " + DeviceUsers.describe(path), e);
        case Errno.EACCES, Errno.EPERM ->
            Denial.of(path, access.writes() ? "written to" : "read", e);
        default -> e;
      };
    }
  }

  @Override
  public boolean isDevice() {
    return true;
  }

  @Override
  public long size() throws IOException {
    return descriptor.deviceSize();
  }

  @Override
  public int sectorSize() throws IOException {
    return descriptor.sectorSize();
  }

  @Override
  public void zero(long offset, long length) throws IOException {
    requireWithin(offset, length);
    int sector = sectorSize();
    if (offset % sector != 0 || length % sector != 0) {
      // The short end of a volume of 512-byte sectors on a device of larger ones; the page cache
      // can do that.
      writeZeros(offset, length);
      return;
    }
    try {
      zeroBySectors(offset, length);
    } catch (PosixException e) {
      if (e.errno() != Errno.EOPNOTSUPP && e.errno() != Errno.ENOTTY) {
        throw e;
      }
      writeZeros(offset, length);
    }
  }

  private void zeroBySectors(long offset, long length) throws PosixException {
    long end = offset + length;
    for (long at = offset; at < end; at += ZERO_OUT_STEP) {
      long step = Math.min(ZERO_OUT_STEP, end - at);
      try {
        descriptor.punchHole(at, step);
      } catch (PosixException e) {
        if (e.errno() != Errno.EOPNOTSUPP) {
          throw e;
        }
        descriptor.zeroOut(at, step);
      }
    }
  }

  @Override
  public void resize(long size) throws IOException {
    throw new Failure(
        ExitCode.SIZE,
        name() + " is a device of " + size() + " bytes and cannot be resized to " + size);
  }

  @Override
  public @Nullable Extent nextAllocated(long from) throws IOException {
    long size = size();
    return from < size ? new Extent(from, size - from) : null;
  }

  @Override
  public void forget(long offset, long length) throws IOException {
    descriptor.dropCached(offset, length);
  }

  @Override
  public void startWriteBack(long offset, long length) throws IOException {
    descriptor.startWriteBack(offset, length);
  }

  @Override
  public void close() throws IOException {
    try {
      super.close();
    } finally {
      descriptor.close();
    }
  }
}
