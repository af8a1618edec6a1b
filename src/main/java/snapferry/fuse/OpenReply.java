package snapferry.fuse;

/**
 * The answer to OPEN and OPENDIR. The handle is always 0: nothing is kept of who has opened what,
 * so a server that was started again knows as much as the one before.
 *
 * <pre>
 * struct fuse_open_out
 *    0  8  handle
 *    8  4  flags
 *   12  4  backing id
 * </pre>
 */
final class OpenReply {
  static final int FLAGS = 8;
  static final int SIZE = 16;

  static final int DIRECT_IO = 1;
  static final int KEEP_CACHE = 1 << 1;
  static final int CACHE_DIR = 1 << 3;

  /** Older kernels than 6.2 pay no regard to it. */
  static final int PARALLEL_DIRECT_WRITES = 1 << 6;

  private OpenReply() {}
}
