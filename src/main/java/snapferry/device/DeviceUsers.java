package snapferry.device;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who else works with a device or an image: mounts, swapping, and devices that are built on it. */
final class DeviceUsers {
  private static final Path SWAPS = Path.of("/proc/swaps");

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
    for (Path swap : swaps()) {
      @Nullable DeviceNumber number = DeviceNumber.of(swap);
      if (number != null && stack.contains(number)) {
        users.add("in use for swapping");
      }
    }
    return users.isEmpty()
        ? "is mounted elsewhere or held open exclusively by another program"
        : "is " + String.join(", ", users);
  }

  /** Devices that are swapped to; of one that is not there any more nothing is said. */
  private static List<Path> swaps() throws IOException {
    try (Stream<String> lines = Files.lines(SWAPS, ISO_8859_1)) {
      return lines
          .skip(1)
          .map(line -> Path.of(line.substring(0, line.indexOf(' '))))
          .filter(Files::exists)
          .toList();
    } catch (NoSuchFileException e) {
      return List.of(); // A kernel that does not swap.
    }
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
