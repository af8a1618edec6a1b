package snapferry.fuse;

/**
 * What stat(2) says of a node.
 *
 * <pre>
 * struct fuse_attr
 *    0  8  inode number
 *    8  8  size, 16 8 blocks of 512 bytes
 *   24  8  atime, 32 8 mtime, 40 8 ctime: seconds
 *   48  4  atime, 52 4 mtime, 56 4 ctime: nanoseconds
 *   60  4  mode, 64 4 links, 68 4 uid, 72 4 gid, 76 4 device number
 *   80  4  preferred block size, 84 4 flags
 * </pre>
 */
final class Attributes {
  static final int INODE = 0;
  static final int LENGTH = 8;
  static final int BLOCKS = 16;
  static final int ATIME = 24;
  static final int MTIME = 32;
  static final int CTIME = 40;
  static final int ATIME_NANOS = 48;
  static final int MTIME_NANOS = 52;
  static final int CTIME_NANOS = 56;
  static final int MODE = 60;
  static final int LINKS = 64;
  static final int UID = 68;
  static final int GID = 72;
  static final int BLOCK_SIZE = 80;
  static final int SIZE = 88;

  /** sys/stat.h. */
  static final int DIRECTORY = 0040000;

  static final int REGULAR = 0100000;

  private Attributes() {}
}
