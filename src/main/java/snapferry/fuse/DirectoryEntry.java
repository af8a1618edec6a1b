package snapferry.fuse;

/**
 * One of the entries that READDIR is answered with.
 *
 * <pre>
 * struct fuse_dirent
 *    0  8  inode number
 *    8  8  offset: where to go on behind this entry
 *   16  4  length of the name
 *   20  4  type, as of readdir(3)
 *   24  …  name, and zeros up to a multiple of 8
 * </pre>
 */
final class DirectoryEntry {
  static final int INODE = 0;
  static final int OFFSET = 8;
  static final int NAME_LENGTH = 16;
  static final int TYPE = 20;
  static final int NAME = 24;

  /** dirent.h. */
  static final int DIRECTORY = 4;

  static final int REGULAR = 8;

  private static final int ALIGNMENT = 8;

  private DirectoryEntry() {}

  /** Bytes of an entry whose name has so many. */
  static int size(int nameLength) {
    return (NAME + nameLength + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
