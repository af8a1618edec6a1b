package snapferry.device;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What device-mapper says of one of its devices, in {@code /sys/dev/block/MAJOR:MINOR/dm}.
 *
 * @param name stays the same over restarts, unlike the number of the device
 * @param uuid tells by its beginning who made the device; may be empty
 */
public record MappedDevice(String name, String uuid) {
  /** A volume group's and a logical volume's UUID; devices that LVM uses itself end otherwise. */
  private static final Pattern LOGICAL_VOLUME = Pattern.compile("LVM-[A-Za-z0-9]{64}");

  /** The device that {@code path} leads to; null if it is no block device or of another driver. */
  public static @Nullable MappedDevice of(Path path) throws IOException {
    @Nullable DeviceNumber number = DeviceNumber.of(path);
    return number == null ? null : Sysfs.SYSTEM.mapped(number);
  }

  /** The node of this name. */
  public Path node() {
    return Path.of("/dev/mapper", name);
  }

  /** Whether it is a logical volume of LVM, and not a part of one. */
  public boolean isLogicalVolume() {
    return LOGICAL_VOLUME.matcher(uuid).matches();
  }
}
