package snapferry.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the kernel calls a device: {@code 8:1} is the first partition of the first disk. */
record DeviceNumber(int major, int minor) {
  private static final int S_IFMT = 0170000;
  private static final int S_IFBLK = 0060000;

  /** The block device that {@code path} leads to; null if it leads to something else. */
  static @Nullable DeviceNumber of(Path path) throws IOException {
    if (((int) Files.getAttribute(path, "unix:mode") & S_IFMT) != S_IFBLK) {
      return null;
    }
    long device = (long) Files.getAttribute(path, "unix:rdev");
    // The encoding of gnu_dev_makedev(3).
    return new DeviceNumber(
        (int) (((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL)),
        (int) ((device & 0xff) | ((device >>> 12) & ~0xffL)));
  }

  /** Reads {@code major:minor}, as sysfs and mountinfo write it. */
  static DeviceNumber parse(String text) {
    int colon = text.indexOf(':');
    return new DeviceNumber(
        Integer.parseInt(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
  }

  @Override
  public String toString() {
    return major + ":" + minor;
  }
}
