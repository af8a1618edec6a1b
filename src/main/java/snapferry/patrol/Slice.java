package snapferry.patrol;

import snapferry.extent.Extent;
import snapferry.extent.Geometry;

/**
 * The blocks that are patrolled in one run: those from {@code first} on, and after the last of the
 * volume those at its beginning.
 *
 * @param geometry of the volume
 * @param first a block of it
 * @param count from 0 to all of its blocks
 */
public record Slice(Geometry geometry, long first, long count) {
  public Slice {
    if (first < 0 || first >= geometry.blocks() || count < 0 || count > geometry.blocks()) {
      throw new IllegalArgumentException(
          count + " blocks from " + first + " of " + geometry.blocks());
    }
  }

  /** Whether {@code block} is one of them. */
  public boolean contains(long block) {
    long from = block - first;
    return (from < 0 ? from + geometry.blocks() : from) < count;
  }

  /**
   * The bytes from {@code offset} on of which {@link #contains} says the same, up to the next edge
   * of the slice or the end of the volume.
   */
  public Extent alike(long offset) {
    long block = geometry.blockAt(offset);
    boolean inside = contains(block);
    long end = geometry.blocks();
    for (long edge : new long[] {first, (first + count) % geometry.blocks()}) {
      if (edge > block && edge < end && contains(edge) != inside) {
        end = edge;
      }
    }
    long endOffset = end == geometry.blocks() ? geometry.size() : geometry.offset(end);
    return new Extent(offset, endOffset - offset);
  }

  /** Where the next slice begins. */
  public long next() {
    return (first + count) % geometry.blocks();
  }
}
