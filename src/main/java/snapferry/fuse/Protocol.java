package snapferry.fuse;

/**
 * What kernel and server have agreed on for the life of a mount.
 *
 * @param minor the version, {@value #MAJOR}.minor
 * @param readAhead most bytes that the kernel reads ahead
 * @param flags what both can do, of {@link InitLayout}
 */
record Protocol(int minor, int readAhead, long flags) {
  static final int MAJOR = 7;

  /** That of Linux 5.10. */
  static final int OLDEST_MINOR = 31;

  /** The newest whose changes were read and found to be no concern of ours, or taken up. */
  static final int NEWEST_MINOR = 45;

  /** Most bytes of a READ or WRITE. */
  static final int MAX_WRITE = 1 << 20;

  static final int MAX_PAGES = MAX_WRITE / 4096;

  /** Requests that nobody waits for: reading ahead, writing back, asynchronous I/O of loops. */
  static final int MAX_BACKGROUND = 64;

  /** From as many on, writers are slowed down. */
  static final int CONGESTED_BACKGROUND = MAX_BACKGROUND * 3 / 4;

  /** Whether requests that a dead server had taken can be had again. */
  boolean resends() {
    return (flags & InitLayout.HAS_RESEND) != 0;
  }

  /** Whether the kernel keeps written pages. */
  boolean writesBack() {
    return (flags & InitLayout.WRITEBACK_CACHE) != 0;
  }
}
