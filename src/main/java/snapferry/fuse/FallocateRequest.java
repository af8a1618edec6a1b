package snapferry.fuse;

/**
 * The body of FALLOCATE.
 *
 * <pre>
 * struct fuse_fallocate_in
 *    0  8  handle
 *    8  8  offset
 *   16  8  length
 *   24  4  mode, as of fallocate(2)
 * </pre>
 */
final class FallocateRequest {
  static final int OFFSET = 8;
  static final int LENGTH = 16;
  static final int MODE = 24;
  static final int SIZE = 32;

  /** linux/falloc.h. */
  static final int KEEP_SIZE = 1;

  static final int PUNCH_HOLE = 2;
  static final int ZERO_RANGE = 16;

  private FallocateRequest() {}
}
