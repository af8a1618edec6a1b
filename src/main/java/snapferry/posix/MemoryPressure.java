package snapferry.posix;

/**
 * How a process that the system's memory depends on stays out of the deadlock: when memory is short
 * the kernel writes pages to a disk that this process is part of, and must not wait for that to
 * happen when it asks for memory itself.
 */
public final class MemoryPressure {
  private static final int PR_SET_IO_FLUSHER = 57; // linux/prctl.h, since 5.6
  private static final int MCL_CURRENT = 1;
  private static final int MCL_FUTURE = 2;
  private static final int MCL_ONFAULT = 4;

  private MemoryPressure() {}

  /**
   * Makes this thread, and those that it starts from now on, one of which the kernel knows that
   * writing back depends on it: PR_SET_IO_FLUSHER. {@link Errno#EPERM} without CAP_SYS_RESOURCE.
   */
  public static void becomeFlusher() throws PosixException {
    check("prctl PR_SET_IO_FLUSHER", MountLibc.CALLS.prctl(PR_SET_IO_FLUSHER, 1, 0, 0, 0));
  }

  /** Keeps in memory what this process has in memory, and what it will have as it is touched. */
  public static void lock() throws PosixException {
    check("mlockall", MountLibc.CALLS.mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT));
  }

  private static void check(String call, int result) throws PosixException {
    if (result < 0) {
      throw new PosixException(call, "this process", Libc.errno());
    }
  }
}
