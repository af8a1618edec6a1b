package snapferry.fuse;

/**
 * The answer to STATFS.
 *
 * <pre>
 * struct fuse_statfs_out
 *    0  8  blocks, 8 8 free, 16 8 available
 *   24  8  files, 32 8 free
 *   40  4  block size, 44 4 longest name, 48 4 fragment size
 * </pre>
 */
final class StatfsReply {
  static final int BLOCKS = 0;
  static final int FILES = 24;
  static final int BLOCK_SIZE = 40;
  static final int NAME_LENGTH = 44;
  static final int FRAGMENT_SIZE = 48;
  static final int SIZE = 80;

  private StatfsReply() {}
}
