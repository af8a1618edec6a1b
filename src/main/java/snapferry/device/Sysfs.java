package snapferry.device;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How block devices are built upon files and upon each other, as {@code /sys} tells it to
 * everybody.
 */
final class Sysfs {
  /** Fields of {@code stat}, from 0. */
  private static final int SECTORS_WRITTEN = 6;

  private static final int SECTORS_DISCARDED = 13;

  static final Sysfs SYSTEM = new Sysfs(Path.of("/sys"));

  private final Path root;

  Sysfs(Path root) {
    this.root = root;
  }

  /**
   * The loop devices whose backing file is {@code file}, under whatever name ({@code loop3}). A
   * backing file that was unlinked shows as {@code NAME (deleted)}; what now has the name NAME is
   * another file, and is not reported. Files of other FUSE mounts are not even looked at: if such a
   * mount has lost its server, whoever does that waits, and it may wait for us.
   */
  List<String> loopsOn(Path file) throws IOException {
    List<String> loops = new ArrayList<>();
    List<Mount> mounts = Mount.all();
    @Nullable Mount own = Mount.holding(file.toRealPath(), mounts);
    for (Path device : list(root.resolve("block"), "loop*")) {
      if (isBackedBy(device, file, own, mounts)) {
        loops.add(device.getFileName().toString());
      }
    }
    return loops;
  }

  private static boolean isBackedBy(Path loop, Path file, @Nullable Mount own, List<Mount> mounts) {
    try {
      Path backing = Path.of(text(loop.resolve("loop/backing_file")));
      @Nullable Mount mount = Mount.holding(backing, mounts);
      boolean apart =
          mount != null && mount.isFuse() && (own == null || !mount.device().equals(own.device()));
      return !apart && Files.isSameFile(backing, file);
    } catch (IOException e) {
      return false; // Not attached, or its file is unlinked or of another mount namespace.
    }
  }

  /** The number of a device by its kernel name, partitions included. */
  DeviceNumber number(String kernelName) throws IOException {
    return numberAt(root.resolve("class/block").resolve(kernelName));
  }

  /** The devices, their partitions, and all that is built on any of these. */
  Set<DeviceNumber> stackOn(Collection<DeviceNumber> devices) throws IOException {
    Set<DeviceNumber> stack = new LinkedHashSet<>();
    for (DeviceNumber device : devices) {
      addStack(device, stack);
    }
    return stack;
  }

  private void addStack(DeviceNumber device, Set<DeviceNumber> stack) throws IOException {
    if (!stack.add(device)) {
      return;
    }
    for (Path child : list(home(device), "*")) {
      if (Files.exists(child.resolve("partition"))) {
        addStack(numberAt(child), stack);
      }
    }
    for (Path holder : list(home(device).resolve("holders"), "*")) {
      addStack(numberAt(holder), stack);
    }
  }

  /** What is built directly on a device: {@code dm-3 (vg0-lv0)}, {@code md0}. */
  List<String> holders(DeviceNumber device) throws IOException {
    List<String> holders = new ArrayList<>();
    for (Path holder : list(home(device).resolve("holders"), "*")) {
      Path mapperName = holder.resolve("dm/name");
      String kernelName = holder.getFileName().toString();
      holders.add(
          Files.exists(mapperName) ? kernelName + " (" + text(mapperName) + ")" : kernelName);
    }
    return holders;
  }

  /** What device-mapper says of a device; null if it is not one of its own. */
  @Nullable MappedDevice mapped(DeviceNumber device) throws IOException {
    Path mapper = home(device).resolve("dm");
    return Files.isDirectory(mapper)
        ? new MappedDevice(text(mapper.resolve("name")), text(mapper.resolve("uuid")))
        : null;
  }

  /**
   * Sectors written to and discarded from a device since it appeared: Linux,
   * Documentation/block/stat.rst. -1 where the kernel does not tell.
   */
  long sectorsChanged(DeviceNumber device) throws IOException {
    Path file = home(device).resolve("stat");
    if (!Files.isReadable(file)) {
      return -1;
    }
    String[] fields = text(file).strip().split(" +", -1);
    long discarded =
        fields.length > SECTORS_DISCARDED ? Long.parseLong(fields[SECTORS_DISCARDED]) : 0;
    return Long.parseLong(fields[SECTORS_WRITTEN]) + discarded;
  }

  /**
   * The number of the disk that a device is or lies on, among all that appeared since the machine
   * started; also another for a loop device over another file. -1 before Linux 5.15.
   */
  long diskSequence(DeviceNumber device) throws IOException {
    Path file = home(device).resolve("diskseq");
    Path ofDisk = home(device).toRealPath().resolveSibling("diskseq");
    Path found = Files.exists(file) ? file : ofDisk;
    return Files.exists(found) ? Long.parseLong(text(found)) : -1;
  }

  private Path home(DeviceNumber device) {
    return root.resolve("dev/block").resolve(device.toString());
  }

  private static DeviceNumber numberAt(Path device) throws IOException {
    return DeviceNumber.parse(text(device.resolve("dev")));
  }

  private static String text(Path attribute) throws IOException {
    String line = Files.readString(attribute);
    return line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
  }

  private static List<Path> list(Path directory, String glob) throws IOException {
    List<Path> entries = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
        stream.forEach(entries::add);
      }
    }
    return entries;
  }
}
