package snapferry.fuse;

/**
 * The answer to WRITE.
 *
 * <pre>
 * struct fuse_write_out
 *    0  4  bytes that were written
 * </pre>
 */
final class WriteReply {
  static final int COUNT = 0;
  static final int SIZE = 8;

  private WriteReply() {}
}
