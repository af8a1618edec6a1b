package snapferry.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel lets everybody see of a volume without reading it: which it is, and a count that
 * moves with every write. Two of them tell whether somebody wrote in between, as far as that can be
 * told: the count of a device begins at 0 with every start of the machine.
 *
 * @param size bytes
 * @param identity what stays over restarts: of a file its inode, of a device-mapper device its
 *     UUID, of any other device nothing; at most {@link #MAX_IDENTITY} ASCII characters
 * @param boot the start of the machine in which {@code disk} and {@code changes} count; null for a
 *     file, whose count goes on
 * @param disk number of the disk among all that appeared since that start; -1 if unknown, 0 for a
 *     file
 * @param changes of a device, sectors written and discarded; of a file, its ctime in nanoseconds,
 *     which every write moves and nobody can set; -1 if unknown
 */
public record VolumeSight(
    long size, String identity, @Nullable UUID boot, long disk, long changes) {
  public static final int MAX_IDENTITY = 127;

  /** Of a device that nothing but its number tells from others. */
  static final String NAMELESS = "device";

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** What is to be seen of the volume at {@code path} now. */
  public static VolumeSight of(Path path, long size) throws IOException {
    DeviceNumber device = DeviceNumber.of(path);
    if (device == null) {
      FileTime changed = (FileTime) Files.getAttribute(path, "unix:ctime");
      return new VolumeSight(
          size,
          "file " + Files.getAttribute(path, "unix:ino"),
          null,
          0,
          changed.to(TimeUnit.NANOSECONDS));
    }
    MappedDevice mapped = Sysfs.SYSTEM.mapped(device);
    String uuid = mapped == null ? "" : mapped.uuid();
    boolean recordable = uuid.matches("[ -~]{1,100}");
    return new VolumeSight(
        size,
        recordable ? "dm " + uuid : NAMELESS,
        UUID.fromString(Files.readString(BOOT_ID).strip()),
        Sysfs.SYSTEM.diskSequence(device),
        Sysfs.SYSTEM.sectorsChanged(device));
  }

  /**
   * Whether this is of another volume than {@code before}, or may be: a device without a UUID
   * cannot be recognized after the machine was started again.
   */
  public boolean isOfAnother(VolumeSight before) {
    return size != before.size
        || !identity.equals(before.identity)
        || (isOfSameStart(before) ? disk != before.disk : identity.equals(NAMELESS));
  }

  /**
   * Whether {@code before}, which is of this volume, was seen since the machine was started; always
   * so for a file, for which that does not matter.
   */
  public boolean isOfSameStart(VolumeSight before) {
    return Objects.equals(boot, before.boot);
  }

  /**
   * Whether somebody is known to have written since {@code before}, which is of this volume: or, if
   * the machine was started since, after that.
   */
  public boolean isWrittenSince(VolumeSight before) {
    return changes != (isOfSameStart(before) ? before.changes : 0);
  }
}
