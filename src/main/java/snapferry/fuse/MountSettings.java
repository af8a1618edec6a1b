package snapferry.fuse;

import java.nio.file.Path;

/**
 * How files are to be shown.
 *
 * @param mountpoint an existing, empty directory
 * @param allowOther whether other users than the one who mounts may look in; an ordinary user may
 *     allow that only if {@code user_allow_other} is in {@code /etc/fuse.conf}
 * @param readOnly whether nothing can be written
 * @param uid who owns the files
 * @param gid their group
 * @param mode their permission bits, 0 to 0777
 * @param cache what the kernel keeps of them
 * @param threads how many requests are worked on at the same time, 1 to {@value #MAX_THREADS}
 * @param runtimeDirectory where the socket of the mount's holder goes; made if it is missing, for
 *     its owner only. It must not outlast the system's start, as {@code /run} does not
 */
public record MountSettings(
    Path mountpoint,
    boolean allowOther,
    boolean readOnly,
    int uid,
    int gid,
    int mode,
    KernelCache cache,
    int threads,
    Path runtimeDirectory) {
  /** Each has buffers of 2 MiB and a descriptor of its own. */
  public static final int MAX_THREADS = 32;

  private static final int MAX_MODE = 0777;

  public MountSettings {
    if (mode < 0 || mode > MAX_MODE) {
      throw new IllegalArgumentException("mode " + Integer.toOctalString(mode));
    }
    if (threads < 1 || threads > MAX_THREADS) {
      throw new IllegalArgumentException(threads + " threads");
    }
  }
}
