package snapferry.fuse;

/**
 * What every answer, and every message of the server's own, begins with.
 *
 * <pre>
 * struct fuse_out_header
 *    0  4  length of the answer, header included
 *    4  4  0, or a negative error number and no body; in a notification, its code
 *    8  8  unique of the request; 0 in a notification
 * </pre>
 */
final class ReplyHeader {
  static final int LENGTH = 0;
  static final int ERROR = 4;
  static final int UNIQUE = 8;
  static final int SIZE = 16;

  /** FUSE_NOTIFY_RESEND: hand out again what was handed out and not answered. Since 7.40. */
  static final int NOTIFY_RESEND = 7;

  private ReplyHeader() {}
}
