package snapferry.device;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** Opens what a path names as a volume or as an image, or says clearly why that cannot be. */
public final class Volumes {
  private Volumes() {}

  /** Opens a file or a block device for reading, as {@link #openSource(Path, CacheUse)}, KEEP. */
  public static BlockDevice openSource(Path path) throws IOException {
    return openSource(path, CacheUse.KEEP);
  }

  /**
   * Opens a file or a block device for reading. It may be in use.
   *
   * @param cache what becomes of the page cache; null to leave a file there, which others may use
   *     too, and not a device
   * @throws Failure {@link ExitCode#USAGE} if it is missing or neither file nor block device,
   *     {@link ExitCode#SIZE} if it is empty or not made of 512-byte sectors, {@link
   *     ExitCode#FAILED} if permission is denied
   */
  public static BlockDevice openSource(Path path, @Nullable CacheUse cache) throws IOException {
    return openSource(path, path.toString(), cache);
  }

  /**
   * Opens a file or a block device for reading, as above.
   *
   * @param name what to call it in messages
   */
  public static BlockDevice openSource(Path path, String name, @Nullable CacheUse cache)
      throws IOException {
    try {
      boolean special = isBlockDevice(path);
      BlockDevice device =
          sized(special ? BlockSpecial.openRead(path, name) : FileDevice.openRead(path, name));
      CacheUse use = cache != null ? cache : special ? CacheUse.DROP : CacheUse.KEEP;
      return switch (use) {
        case KEEP -> device;
        case DROP -> new ForgetfulReads(device);
        case DIRECT -> direct(device, path);
      };
    } catch (AccessDeniedException e) {
      throw Denial.of(path, "read", e);
    }
  }

  private static BlockDevice direct(BlockDevice device, Path path) throws IOException {
    try {
      return new DirectReads(device, path);
    } catch (IOException | UnsupportedOperationException e) {
      device.close();
      throw new Failure(
          ExitCode.USAGE,
          path
              + " cannot be read past the page cache (O_DIRECT); --cache drop does nearly the same",
          e);
    }
  }

  /**
   * Opens an existing file or block device for reading and writing, and holds it meanwhile.
   *
   * @throws Failure as {@link #openSource}, and {@link ExitCode#BUSY} if it is mounted, held, or
   *     backs a loop device, or is a file that is locked, as one that is tracked or the disk of a
   *     virtual machine
   */
  public static BlockDevice openTarget(Path path) throws IOException {
    return hold(path, true);
  }

  private static void requireNoLoop(Path path) throws IOException {
    List<String> loops = Sysfs.SYSTEM.loopsOn(path);
    if (!loops.isEmpty()) {
      throw new Failure(
          ExitCode.BUSY,
          path
              + " is in use by the loop device "
              + String.join(", ", loops)
              + "; losetup -d detaches it");
    }
  }

  /**
   * Opens an existing file or block device that nobody else is to write to until it is closed: a
   * device exclusively, a file under a lock.
   *
   * @param writable whether we write; if not, what cannot be written to will do
   * @throws Failure as {@link #openTarget}, and {@link ExitCode#BUSY} if a file is locked
   */
  public static BlockDevice hold(Path path, boolean writable) throws IOException {
    try {
      boolean device = isBlockDevice(path);
      requireNoLoop(path);
      if (!device) {
        return sized(FileDevice.openLocked(path, writable));
      }
      return sized(
          writable ? BlockSpecial.openWrite(path) : BlockSpecial.openReadExclusively(path));
    } catch (AccessDeniedException e) {
      throw Denial.of(path, writable ? "written to" : "read", e);
    }
  }

  /**
   * Whether a file system on {@code source} is mounted for writing, so that what is read is no
   * point in time. Looks through partitions, loop devices and whatever else is built on it.
   */
  public static boolean mountedReadWrite(Path source) throws IOException {
    return DeviceUsers.mountedReadWrite(source);
  }

  /**
   * What {@code path} leads to, by a name that stays: the number in {@code /dev/dm-3} is another
   * after the next start.
   */
  public static Path lastingName(Path path) throws IOException {
    @Nullable MappedDevice mapped = MappedDevice.of(path);
    return mapped == null ? path.toRealPath() : mapped.node();
  }

  private static boolean isBlockDevice(Path path) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (attributes.isRegularFile()) {
        return false;
      }
      if (DeviceNumber.of(path) != null) {
        return true;
      }
      String kind = attributes.isDirectory() ? "a directory" : "a pipe, socket or character device";
      throw new Failure(
          ExitCode.USAGE, path + " is " + kind + "; a regular file or a block device is needed");
    } catch (NoSuchFileException e) {
      throw new Failure(ExitCode.USAGE, path + " does not exist", e);
    }
  }

  private static BlockDevice sized(BlockDevice device) throws IOException {
    try {
      long size = device.size();
      if (size == 0) {
        throw new Failure(
            ExitCode.SIZE, device.name() + " is empty: there is no volume of 0 bytes");
      }
      if (!Geometry.isValidSize(size)) {
        throw new Failure(
            ExitCode.SIZE,
            "%s has %d bytes; a volume is a multiple of %d bytes, at most %d"
                .formatted(device.name(), size, BlockSize.SECTOR, Geometry.MAX_SIZE));
      }
      return device;
    } catch (IOException e) {
      device.close();
      throw e;
    }
  }
}
