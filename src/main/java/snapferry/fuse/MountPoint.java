package snapferry.fuse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import snapferry.device.Mount;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.PathKey;

/**
 * A directory to mount on. It is looked at only when nothing of ours is mounted there: a mount
 * whose server is dead keeps everybody waiting who looks into it.
 *
 * @param path without symbolic links
 */
record MountPoint(Path path) {
  /** How our mounts are called in the table of mounts. */
  static final String TYPE = "fuse.snapferry";

  /**
   * The place that {@code path} leads to.
   *
   * @throws Failure {@link ExitCode#USAGE} if there is none
   */
  static MountPoint of(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    try {
      if (parent == null) {
        throw new Failure(ExitCode.USAGE, "nothing can be mounted on " + absolute);
      }
      // Only the way to it: the last name may be a mount already.
      Path real = parent.toRealPath().resolve(absolute.getFileName());
      MountPoint point = new MountPoint(real);
      return point.mount() == null ? new MountPoint(real.toRealPath()) : point;
    } catch (NoSuchFileException e) {
      throw new Failure(
          ExitCode.USAGE, "the mount point " + absolute + " does not exist: make the directory", e);
    }
  }

  /** 16 hex digits that stand for it. */
  String key() {
    return PathKey.hash(path);
  }

  /** What is mounted right here, the last if there are several; null if nothing is. */
  @Nullable Mount mount() throws IOException {
    Mount last = null;
    for (Mount mount : Mount.all()) {
      if (mount.mountPoint().equals(path.toString())) {
        last = mount;
      }
    }
    return last;
  }

  /** Whether a mount of ours is here, served or not. */
  boolean isOurs() throws IOException {
    Mount mount = mount();
    return mount != null && mount.type().equals(TYPE);
  }

  /**
   * Refuses a place where a mount would hide something.
   *
   * @throws Failure {@link ExitCode#BUSY} if something is mounted here, {@link ExitCode#USAGE} if
   *     it is no empty directory
   */
  void requireFree() throws IOException {
    Mount mount = mount();
    if (mount != null && mount.type().startsWith("fuse")) {
      throw new Failure(
          ExitCode.BUSY, path + " has a mount already: " + mount.source() + ", " + mount.type());
    }
    if (!Files.isDirectory(path)) {
      throw new Failure(ExitCode.USAGE, "the mount point " + path + " is no directory");
    }
    try (Stream<Path> files = Files.list(path)) {
      if (files.findAny().isPresent()) {
        throw new Failure(
            ExitCode.USAGE, "the mount point " + path + " is not empty: a mount would hide that");
      }
    }
  }
}
