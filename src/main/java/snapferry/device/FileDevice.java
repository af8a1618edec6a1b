package snapferry.device;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import snapferry.extent.BlockSize;
import snapferry.extent.Extent;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.posix.Descriptor;
import snapferry.posix.Errno;
import snapferry.posix.PosixException;

/**
 * A regular file that stands for a device.
 *
 * <p>Holes are found and punched through a native descriptor, which is opened by name when it is
 * first needed, because the native library is slow to load. So the name could meanwhile lead
 * elsewhere: the inode is remembered when the file is opened, and a descriptor of another inode is
 * refused before it is used.
 */
public final class FileDevice extends ChannelStorage implements BlockDevice {
  private final Path path;
  private final Object inode;
  private final Descriptor.Access access;
  private @Nullable Descriptor descriptor;

  private FileDevice(
      String name, Path path, FileChannel channel, Object inode, Descriptor.Access access) {
    super(name, channel);
    this.path = path;
    this.inode = inode;
    this.access = access;
  }

  /** Opens an existing file for reading. */
  public static FileDevice openRead(Path path) throws IOException {
    return openRead(path, path.toString());
  }

  /** Opens an existing file for reading that messages call {@code name}. */
  static FileDevice openRead(Path path, String name) throws IOException {
    return open(name, path, Descriptor.Access.READ, READ);
  }

  /** Opens an existing file for reading and writing. */
  public static FileDevice openWrite(Path path) throws IOException {
    return open(path.toString(), path, Descriptor.Access.READ_WRITE, READ, WRITE);
  }

  /**
   * Opens an existing file under a lock, fcntl(2), that whoever locks it too will meet, as programs
   * do that run virtual machines: nobody else can have one, or if it is only read, one for writing.
   * The lock lasts until this process closes the file, by whatever descriptor.
   *
   * @throws Failure {@link ExitCode#BUSY} if somebody has such a lock
   */
  static FileDevice openLocked(Path path, boolean writable) throws IOException {
    FileDevice device = writable ? openWrite(path) : openRead(path);
    try {
      if (device.channel().tryLock(0, Long.MAX_VALUE, !writable) == null) {
        throw new Failure(
            ExitCode.BUSY, path + " is locked by another program, which may write to it");
      }
      return device;
    } catch (OverlappingFileLockException e) {
      try (device) {
        throw new Failure(ExitCode.BUSY, path + " is held already, by another name", e);
      }
    } catch (IOException e) {
      try (device) {
        throw e;
      }
    }
  }

  /**
   * Creates a file of {@code size} bytes, all zero and none of them allocated but the last, for its
   * owner only: a copy of a volume is as private as the volume. Durable when this returns, so that
   * no state directory can come to speak of a file that a power cut took back.
   *
   * @throws java.nio.file.FileAlreadyExistsException if something is there
   */
  public static FileDevice create(Path path, long size) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path,
            Set.of(CREATE_NEW, READ, WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    FileDevice device =
        new FileDevice(path.toString(), path, channel, inode(path), Descriptor.Access.READ_WRITE);
    try {
      device.resize(size);
      device.sync();
      Directories.syncParent(path);
      return device;
    } catch (IOException e) {
      device.close();
      Files.deleteIfExists(path);
      throw e;
    }
  }

  private static FileDevice open(
      String name, Path path, Descriptor.Access access, OpenOption... options) throws IOException {
    Object before = inode(path);
    FileChannel channel = FileChannel.open(path, options);
    if (!before.equals(inode(path))) {
      channel.close();
      throw replaced(path);
    }
    return new FileDevice(name, path, channel, before, access);
  }

  private static Object inode(Path path) throws IOException {
    return Objects.requireNonNull(
        Files.readAttributes(path, BasicFileAttributes.class).fileKey(), "inode");
  }

  private static IOException replaced(Path path) {
    return new IOException(path + ": was replaced by another file while it was in use");
  }

  private synchronized Descriptor descriptor() throws IOException {
    if (descriptor == null) {
      Descriptor opened = Descriptor.open(path, access);
      if (!inode.equals(inode(opened.path()))) {
        opened.close();
        throw replaced(path);
      }
      descriptor = opened;
    }
    return descriptor;
  }

  @Override
  public boolean isDevice() {
    return false;
  }

  @Override
  public int sectorSize() {
    return BlockSize.SECTOR;
  }

  @Override
  public void zero(long offset, long length) throws IOException {
    requireWithin(offset, length);
    if (length == 0) {
      return;
    }
    try {
      descriptor().punchHole(offset, length);
    } catch (PosixException e) {
      if (e.errno() != Errno.EOPNOTSUPP) {
        throw e;
      }
      writeZeros(offset, length);
    }
  }

  @Override
  public @Nullable Extent nextAllocated(long from) throws IOException {
    try {
      return nextBetweenHoles(from);
    } catch (PosixException e) {
      return switch (e.errno()) {
        case Errno.ENXIO -> null;
        case Errno.EINVAL, Errno.EOPNOTSUPP -> allFrom(from);
        default -> throw e;
      };
    }
  }

  private @Nullable Extent allFrom(long from) throws IOException {
    long left = size() - from;
    return left > 0 ? new Extent(from, left) : null;
  }

  private Extent nextBetweenHoles(long from) throws IOException {
    Descriptor holes = descriptor();
    long data = holes.seekData(from);
    long hole = holes.seekHole(data);
    while (hole == data) { // Punched by someone between the two calls.
      data = holes.seekData(data);
      hole = holes.seekHole(data);
    }
    return new Extent(data, hole - data);
  }

  @Override
  public void forget(long offset, long length) throws IOException {
    descriptor().dropCached(offset, length);
  }

  @Override
  public void startWriteBack(long offset, long length) throws IOException {
    descriptor().startWriteBack(offset, length);
  }

  @Override
  public void close() throws IOException {
    super.close();
    synchronized (this) {
      if (descriptor != null) {
        descriptor.close();
      }
    }
  }
}
