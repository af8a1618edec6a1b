package snapferry.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code /proc/self/mountinfo}, proc(5):
 *
 * <pre>
 * 36 35 98:0 /subtree /mount/point rw,noatime shared:1 … - ext4 /dev/vg0/lv0 rw,errors=continue
 *       device        mountPoint   per mount             -      source       per file system
 * </pre>
 *
 * @param device the device that st_dev shows; a made-up one for file systems that span several
 *     (btrfs)
 * @param type of the file system
 * @param source what was mounted, by the name it had then
 * @param readWrite whether files can be written through this mount
 */
public record Mount(
    DeviceNumber device, String mountPoint, String type, String source, boolean readWrite) {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

  /** Everything that is mounted, as this process sees it. */
  public static List<Mount> all() throws IOException {
    // Not readAllLines, which fails on a mount point that is no UTF-8.
    String table = new String(Files.readAllBytes(TABLE), StandardCharsets.UTF_8);
    return table.lines().map(Mount::parse).toList();
  }

  /** The mount that {@code path}, absolute and without links, lies in; null if none is known. */
  static @Nullable Mount holding(Path path, List<Mount> mounts) {
    @Nullable Mount found = null;
    for (Mount mount : mounts) {
      // Of two at one place, the later one hides the other.
      if (mount.holds(path.toString())
          && (found == null || mount.mountPoint.length() >= found.mountPoint.length())) {
        found = mount;
      }
    }
    return found;
  }

  private boolean holds(String path) {
    return path.equals(mountPoint)
        || path.startsWith(mountPoint.endsWith("/") ? mountPoint : mountPoint + "/");
  }

  /** Whether a process answers for what is in it. */
  boolean isFuse() {
    return type.startsWith("fuse");
  }

  static Mount parse(String line) {
    String[] fields = line.split(" ");
    int dash = List.of(fields).indexOf("-");
    return new Mount(
        DeviceNumber.parse(fields[2]),
        unescape(fields[4]),
        fields[dash + 1],
        unescape(fields[dash + 2]),
        isReadWrite(fields[5]) && isReadWrite(fields[dash + 3]));
  }

  private static boolean isReadWrite(String options) {
    return List.of(options.split(",")).contains("rw");
  }

  /** Blanks and backslashes are written as three octal digits. */
  private static String unescape(String text) {
    return OCTAL
        .matcher(text)
        .replaceAll(
            octal -> {
              char plain = (char) Integer.parseInt(octal.group(1), 8);
              return Matcher.quoteReplacement(String.valueOf(plain));
            });
  }

  /** Whether this is a mount of one of {@code devices}. */
  boolean isOf(Set<DeviceNumber> devices) {
    DeviceNumber node = sourceDevice();
    return devices.contains(device) || (node != null && devices.contains(node));
  }

  private @Nullable DeviceNumber sourceDevice() {
    if (!source.startsWith("/dev/")) {
      return null;
    }
    try {
      return DeviceNumber.of(Path.of(source));
    } catch (IOException e) {
      return null; // The node is gone or not for us: then its number says nothing.
    }
  }
}
