package snapferry.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import snapferry.device.LoopDevice;

/**
 * A file system while it is mounted.
 *
 * @param point where
 */
@NullMarked
public record Mounted(Path point) implements AutoCloseable {
  /** Mounts a device. */
  public static Mounted on(Path device, Path point, String options) throws IOException {
    return mount(point, "-o", options, device.toString());
  }

  /** Mounts an empty file system in memory. */
  static Mounted memory(Path point, String size) throws IOException {
    return mount(point, "-t", "tmpfs", "-o", "size=" + size, "tmpfs");
  }

  private static Mounted mount(Path point, String... what) throws IOException {
    Files.createDirectories(point);
    String[] command = new String[what.length + 2];
    command[0] = "mount";
    System.arraycopy(what, 0, command, 1, what.length);
    command[command.length - 1] = point.toString();
    LoopDevice.run(command);
    return new Mounted(point);
  }

  /** Changes the options of the mount. */
  void remount(String options) throws IOException {
    LoopDevice.run("mount", "-o", "remount," + options, point.toString());
  }

  @Override
  public void close() throws IOException {
    LoopDevice.run("umount", point.toString());
  }
}
