package snapferry.posix;

import java.nio.file.Path;

/** mount(2) and umount2(2) of FUSE file systems, which only root may call. */
public final class Mounts {
  // sys/mount.h
  private static final int MS_RDONLY = 1;
  private static final int MS_NOSUID = 2;
  private static final int MS_NODEV = 4;
  private static final int MNT_DETACH = 2;

  private Mounts() {}

  /**
   * Mounts what is served through {@code device}. No set-user-ID program and no device node in it
   * counts.
   *
   * @param source what the table of mounts shows as mounted
   * @param type of the file system, {@code fuse.} and who serves it
   * @param options of mount.fuse(8) beside the descriptor
   */
  public static void mount(
      FuseDevice device, String source, Path point, String type, boolean readOnly, String options)
      throws PosixException {
    int flags = MS_NOSUID | MS_NODEV | (readOnly ? MS_RDONLY : 0);
    String all = "fd=" + device.number() + "," + options;
    if (MountLibc.CALLS.mount(source, point.toString(), type, flags, all) < 0) {
      throw new PosixException("mount", point.toString(), Libc.errno());
    }
  }

  /**
   * Unmounts.
   *
   * @param lazily takes it out of the tree at once and leaves it to those who still use it
   */
  public static void unmount(Path point, boolean lazily) throws PosixException {
    if (MountLibc.CALLS.umount2(point.toString(), lazily ? MNT_DETACH : 0) < 0) {
      throw new PosixException("umount", point.toString(), Libc.errno());
    }
  }
}
