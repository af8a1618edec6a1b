package snapferry.fuse;

/**
 * The answer to GETATTR and SETATTR.
 *
 * <pre>
 * struct fuse_attr_out
 *    0  8  seconds, 8 4 nanoseconds for which they may be taken as known
 *   16 88  attributes
 * </pre>
 */
final class AttributesReply {
  static final int VALID_SECONDS = 0;
  static final int ATTRIBUTES = 16;
  static final int SIZE = ATTRIBUTES + Attributes.SIZE;

  private AttributesReply() {}
}
