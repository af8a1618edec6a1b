package snapferry.fuse;

/**
 * What every request begins with.
 *
 * <pre>
 * struct fuse_in_header
 *    0  4  length of the request, header included
 *    4  4  opcode
 *    8  8  unique: names the request in its answer
 *   16  8  node
 *   24  4  uid, 28 4 gid, 32 4 pid of who asks
 *   36  2  length of extensions (none is negotiated)
 * </pre>
 */
final class RequestHeader {
  static final int LENGTH = 0;
  static final int OPCODE = 4;
  static final int UNIQUE = 8;
  static final int NODE = 16;
  static final int SIZE = 40;

  private RequestHeader() {}
}
