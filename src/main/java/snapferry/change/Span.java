package snapferry.change;

import snapferry.extent.Extent;

/**
 * Part of a volume and what a change source says of it.
 *
 * @param extent the bytes
 * @param kind what to do with them
 */
public record Span(Extent extent, Kind kind) {
  /** What a change source can say of bytes of the volume. */
  public enum Kind {
    /** They may differ from the basis: read them. */
    READ,
    /** They are zeros, and need no reading. */
    ZERO,
    /** They are as in the epoch that the change source vouches for. */
    UNCHANGED,
    /** They are said to be UNCHANGED, and are read all the same to see whether that is true. */
    PATROL;

    /** Whether the bytes have to be read. */
    public boolean isRead() {
      return this == READ || this == PATROL;
    }
  }
}
