package snapferry.fuse;

/**
 * The body of READ, READDIR and WRITE; in WRITE the bytes follow.
 *
 * <pre>
 * struct fuse_read_in, struct fuse_write_in
 *    0  8  handle
 *    8  8  offset
 *   16  4  bytes to read or written
 *   20 20  flags, lock owner
 * </pre>
 */
final class TransferRequest {
  static final int OFFSET = 8;
  static final int COUNT = 16;
  static final int SIZE = 40;

  private TransferRequest() {}
}
