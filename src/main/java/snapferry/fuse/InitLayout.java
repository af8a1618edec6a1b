package snapferry.fuse;

/**
 * The bodies of INIT and its answer, which have their length since 7.23; and the flags in them. The
 * upper half of the flags is a field of its own, at an offset that INIT has only since 7.36.
 *
 * <pre>
 * struct fuse_init_in                       struct fuse_init_out
 *    0  4  major                               0  4  major
 *    4  4  minor                               4  4  minor
 *    8  4  most bytes of reading ahead         8  4  most bytes of reading ahead
 *   12  4  flags                              12  4  flags
 *   16  4  upper flags, 44 not used           16  2  most requests in the background
 *                                             18  2  from how many on it is congested
 *                                             20  4  most bytes of a WRITE
 *                                             24  4  nanoseconds that times are exact to
 *                                             28  2  most pages of a request
 *                                             32  4  upper flags, 28 not used
 * </pre>
 */
final class InitLayout {
  static final int MAJOR = 0;
  static final int MINOR = 4;
  static final int READ_AHEAD = 8;
  static final int FLAGS = 12;
  static final int UPPER_FLAGS = 16;

  /** Bytes of the body before 7.36. */
  static final int SHORT_SIZE = 16;

  static final int SIZE = 64;

  static final int REPLY_BACKGROUND = 16;
  static final int REPLY_CONGESTION = 18;
  static final int REPLY_MAX_WRITE = 20;
  static final int REPLY_TIME_GRANULARITY = 24;
  static final int REPLY_MAX_PAGES = 28;
  static final int REPLY_UPPER_FLAGS = 32;
  static final int REPLY_SIZE = 64;

  static final long ASYNC_READ = 1;
  static final long BIG_WRITES = 1 << 5;
  static final long ASYNC_DIO = 1 << 15;
  static final long WRITEBACK_CACHE = 1 << 16;
  static final long PARALLEL_DIROPS = 1 << 18;
  static final long ABORT_ERROR = 1 << 21;
  static final long MAX_PAGES = 1 << 22;
  static final long INIT_EXT = 1 << 30;
  static final long DIRECT_IO_ALLOW_MMAP = 1L << 36;
  static final long HAS_RESEND = 1L << 39;

  private InitLayout() {}
}
