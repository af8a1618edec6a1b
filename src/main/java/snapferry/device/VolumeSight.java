package snapferry.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel lets everybody see of a volume without reading it: which it is, and a count that
 * moves with every write. Two of them tell whether somebody wrote in between, as far as that can be
 * told: the count of a device begins anew with every start of the machine.
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
        recordable ? "dm " + uuid : "device",
        UUID.fromString(Files.readString(BOOT_ID).strip()),
        Sysfs.SYSTEM.diskSequence(device),
        Sysfs.SYSTEM.sectorsChanged(device));
  }

  /** Whether {@code size} and {@code identity} are those of another volume. */
  public boolean isOfAnother(VolumeSight before) {
    boolean sameStart = boot != null && boot.equals(before.boot);
    return size != before.size
        || !identity.equals(before.identity)
        || (sameStart && disk != before.disk);
  }

  /** Whether somebody is known to have written since {@code before}, which is of this volume. */
  public boolean isWrittenSince(VolumeSight before) {
    boolean comparable = boot == null ? before.boot == null : boot.equals(before.boot);
    return comparable && changes != before.changes;
  }
}
