package snapferry.fuse;

/**
 * The body of SETATTR.
 *
 * <pre>
 * struct fuse_setattr_in
 *    0  4  which of the fields count
 *    8  8  handle
 *   16  8  size
 *   24  8  lock owner
 *   32  8  atime, 40 8 mtime, 48 8 ctime: seconds
 *   56  4  atime, 60 4 mtime, 64 4 ctime: nanoseconds
 *   68  4  mode, 76 4 uid, 80 4 gid
 * </pre>
 */
final class SetattrRequest {
  static final int VALID = 0;
  static final int LENGTH = 16;
  static final int MTIME = 40;
  static final int MTIME_NANOS = 60;
  static final int SIZE = 88;

  static final int MODE_VALID = 1;
  static final int UID_VALID = 1 << 1;
  static final int GID_VALID = 1 << 2;
  static final int LENGTH_VALID = 1 << 3;
  static final int MTIME_VALID = 1 << 5;
  static final int MTIME_NOW = 1 << 8;

  private SetattrRequest() {}
}
