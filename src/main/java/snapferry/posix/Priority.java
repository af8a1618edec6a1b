package snapferry.posix;

/**
 * How this process stands back for others. On Linux both calls are for the calling thread, and
 * threads that it starts inherit from it: so they come first.
 */
public final class Priority {
  /** Lowest and highest niceness (sys/resource.h). */
  public static final int MIN_NICE = -20;

  public static final int MAX_NICE = 19;

  /** The I/O scheduling classes of linux/ioprio.h. */
  public enum IoClass {
    REALTIME(1),
    BEST_EFFORT(2),
    IDLE(3);

    private final int number;

    IoClass(int number) {
      this.number = number;
    }
  }

  private static final int PRIO_PROCESS = 0;
  private static final int IOPRIO_WHO_PROCESS = 1;
  private static final int IOPRIO_CLASS_SHIFT = 13;
  private static final int THIS_THREAD = 0;
  // asm/unistd_64.h and asm-generic/unistd.h
  private static final long SYS_IOPRIO_SET_X86_64 = 251;
  private static final long SYS_IOPRIO_SET_GENERIC = 30;

  private Priority() {}

  /**
   * Sets the niceness, as nice(1).
   *
   * @param nice from -20, which only root may, to 19
   */
  public static void nice(int nice) throws PosixException {
    check("setpriority", Libc.CALLS.setpriority(PRIO_PROCESS, THIS_THREAD, nice));
  }

  /**
   * Sets the I/O class, as ionice(1). Schedulers without priorities pay no regard to it.
   *
   * @param level from 0, the first to be served, to 7; of no meaning for IDLE
   */
  public static void io(IoClass io, int level) throws PosixException {
    boolean intel = System.getProperty("os.arch").equals("amd64");
    int priority = io.number << IOPRIO_CLASS_SHIFT | level;
    check(
        "ioprio_set",
        Libc.CALLS.syscall(
            intel ? SYS_IOPRIO_SET_X86_64 : SYS_IOPRIO_SET_GENERIC,
            IOPRIO_WHO_PROCESS,
            THIS_THREAD,
            priority));
  }

  private static void check(String call, long result) throws PosixException {
    if (result < 0) {
      throw new PosixException(call, "this process", Libc.errno());
    }
  }
}
