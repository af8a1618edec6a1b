package snapferry.fuse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who this process runs as. */
final class Identity {
  private static final Path SELF = Path.of("/proc/self");

  private Identity() {}

  /** The effective user; 0 is root. */
  static int user() throws IOException {
    return (Integer) Files.getAttribute(SELF, "unix:uid");
  }

  /** The effective group. */
  static int group() throws IOException {
    return (Integer) Files.getAttribute(SELF, "unix:gid");
  }

  static boolean isRoot() throws IOException {
    return user() == 0;
  }
}
