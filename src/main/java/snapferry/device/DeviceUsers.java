package snapferry.device;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who else works with a device or an image: mounts, and devices that are built on it. */
final class DeviceUsers {
  private DeviceUsers() {}

  /**
   * Says why a device cannot be had exclusively, as the end of a sentence that begins with its
   * name.
   */
  static String describe(Path device) throws IOException {
    List<String> users = new ArrayList<>();
    Set<DeviceNumber> stack = stackOn(device);
    for (Mount mount : Mount.all()) {
      if (mount.isOf(stack)) {
        users.add("mounted on " + mount.mountPoint());
      }
    }
    for (DeviceNumber member : stack) {
      for (String holder : Sysfs.SYSTEM.holders(member)) {
        users.add("held by " + holder);
      }
    }
    return users.isEmpty()
        ? "is mounted elsewhere or held open exclusively by another program"
        : "is " + String.join(", ", users);
  }

  /**
   * Whether files on it can change while it is read: it, a part of it, or something built on it is
   * mounted so.
   */
  static boolean mountedReadWrite(Path path) throws IOException {
    Set<DeviceNumber> stack = stackOn(path);
    return Mount.all().stream().anyMatch(mount -> mount.readWrite() && mount.isOf(stack));
  }

  private static Set<DeviceNumber> stackOn(Path path) throws IOException {
    List<DeviceNumber> lowest = new ArrayList<>();
    @Nullable DeviceNumber own = DeviceNumber.of(path);
    if (own != null) {
      lowest.add(own);
    }
    for (String loop : Sysfs.SYSTEM.loopsOn(path)) {
      lowest.add(Sysfs.SYSTEM.number(loop));
    }
    return Sysfs.SYSTEM.stackOn(lowest);
  }
}
