package snapferry.fuse;

/**
 * The answer to LOOKUP.
 *
 * <pre>
 * struct fuse_entry_out
 *    0  8  node, 8 8 generation
 *   16  8  seconds for which the name, 24 8 the attributes may be taken as known
 *   32  4  and nanoseconds, 36 4
 *   40 88  attributes
 * </pre>
 */
final class EntryReply {
  static final int NODE = 0;
  static final int NAME_VALID_SECONDS = 16;
  static final int ATTRIBUTES_VALID_SECONDS = 24;
  static final int ATTRIBUTES = 40;
  static final int SIZE = ATTRIBUTES + Attributes.SIZE;

  private EntryReply() {}
}
