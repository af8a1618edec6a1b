package snapferry.fuse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.posix.Errno;
import snapferry.posix.FuseDevice;
import snapferry.posix.FuserMount;
import snapferry.posix.Mounts;
import snapferry.posix.PosixException;

/** Mounts and unmounts: root by mount(2), others by {@code fusermount3}. */
final class Mounting {
  private static final String SOURCE = "snapferry";
  private static final List<String> PLACES = List.of("/usr/bin", "/bin", "/usr/local/bin");

  private Mounting() {}

  /** Mounts. The kernel's first request is on its way when this returns. */
  static FuseDevice mount(MountPoint point, MountSettings settings) throws IOException {
    if (!Files.exists(Path.of(FuseDevice.NODE))) {
      throw new Failure(
          ExitCode.FAILED, FuseDevice.NODE + " is missing: the kernel has no FUSE (modprobe fuse)");
    }
    return Identity.isRoot() ? mountAsRoot(point, settings) : mountAsUser(point, settings);
  }

  private static FuseDevice mountAsRoot(MountPoint point, MountSettings settings)
      throws IOException {
    List<String> options = options(settings);
    options.add("rootmode=40000");
    options.add("user_id=" + Identity.user());
    options.add("group_id=" + Identity.group());
    FuseDevice device = FuseDevice.open();
    try {
      Mounts.mount(
          device,
          SOURCE,
          point.path(),
          MountPoint.TYPE,
          settings.readOnly(),
          String.join(",", options));
      return device;
    } catch (PosixException e) {
      device.close();
      if (e.errno() == Errno.EPERM) {
        throw new Failure(
            ExitCode.FAILED,
            point.path()
                + ": may not mount, although this is root: a container without the right"
                + " to (CAP_SYS_ADMIN)?",
            e);
      }
      throw e;
    }
  }

  private static FuseDevice mountAsUser(MountPoint point, MountSettings settings)
      throws IOException {
    List<String> options = options(settings);
    options.add("fsname=" + SOURCE);
    options.add("subtype=snapferry");
    options.add("nosuid,nodev");
    if (settings.readOnly()) {
      options.add("ro");
    }
    try {
      return FuserMount.mount(fuserMount(), point.path(), String.join(",", options));
    } catch (PosixException e) {
      throw e;
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, point.path() + " was not mounted: " + e.getMessage(), e);
    }
  }

  private static List<String> options(MountSettings settings) {
    List<String> options = new ArrayList<>();
    options.add("default_permissions");
    options.add("max_read=" + Protocol.MAX_WRITE);
    if (settings.allowOther()) {
      options.add("allow_other");
    }
    return options;
  }

  private static Path fuserMount() throws Failure {
    for (String place : PLACES) {
      Path program = Path.of(place, "fusermount3");
      if (Files.isExecutable(program)) {
        return program;
      }
    }
    throw new Failure(
        ExitCode.FAILED,
        "fusermount3, by which others than root mount, is not installed (package fuse3)");
  }

  /**
   * Unmounts what is mounted.
   *
   * @param lazily takes the mount out of the tree at once and leaves it to those who still use it
   * @return whether anything of ours was mounted
   * @throws Failure {@link ExitCode#BUSY} if it is in use
   */
  static boolean unmount(MountPoint point, boolean lazily) throws IOException {
    if (!point.isOurs()) {
      return false;
    }
    if (Identity.isRoot()) {
      try {
        Mounts.unmount(point.path(), lazily);
      } catch (PosixException e) {
        if (e.errno() == Errno.EBUSY) {
          throw busy(point, e);
        }
        throw e;
      }
    } else {
      unmountAsUser(point, lazily);
    }
    return true;
  }

  private static void unmountAsUser(MountPoint point, boolean lazily) throws IOException {
    List<String> words = new ArrayList<>(List.of(fuserMount().toString(), "-u"));
    if (lazily) {
      words.add("-z");
    }
    words.addAll(List.of("--", point.path().toString()));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String complaint =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        IOException cause = new IOException(complaint);
        throw complaint.contains("busy")
            ? busy(point, cause)
            : new Failure(ExitCode.FAILED, "not unmounted: " + complaint, cause);
      }
    } catch (InterruptedException e) {
      throw Failure.interrupted(e);
    }
  }

  private static Failure busy(MountPoint point, IOException cause) {
    return new Failure(
        ExitCode.BUSY,
        point.path() + " is in use (fuser -vm, losetup -a tell by whom) and was not unmounted",
        cause);
  }
}
