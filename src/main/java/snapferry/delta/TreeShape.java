package snapferry.delta;

/**
 * The levels of a hash tree over so many blocks: level 0 are the block hashes, each level above has
 * a node for every 256 of the level below, and the top level has one.
 *
 * @param blocks block hashes at level 0, at least 1
 */
public record TreeShape(long blocks) {
  /** Children of a node: 2^8. */
  public static final int FANOUT = 256;

  /** Bytes of a node. */
  public static final int NODE = Sha256.LENGTH;

  private static final int FANOUT_BITS = 8;

  public TreeShape {
    if (blocks < 1) {
      throw new IllegalArgumentException("no tree over " + blocks + " blocks");
    }
  }

  /** The top level, which is also how many levels of nodes there are: at least 1. */
  public int levels() {
    int level = 1;
    while (nodes(level) > 1) {
      level++;
    }
    return level;
  }

  /** Nodes at {@code level}; block hashes at level 0. */
  public long nodes(int level) {
    return ((blocks - 1) >> (level * FANOUT_BITS)) + 1;
  }

  /**
   * Nodes at all levels from 1 to below {@code level}: where that level starts when they are stored
   * in order.
   */
  public long nodesBelow(int level) {
    long nodes = 0;
    for (int below = 1; below < level; below++) {
      nodes += nodes(below);
    }
    return nodes;
  }

  /** The node one level above {@code index} that covers it. */
  static long parent(long index) {
    return index >> FANOUT_BITS;
  }

  /** The first of the children that node {@code index} covers. */
  public static long firstChild(long index) {
    return index << FANOUT_BITS;
  }

  /** How many children node {@code index} of {@code level} has: 256, or fewer at the end. */
  public int children(int level, long index) {
    return (int) Math.min(FANOUT, nodes(level - 1) - firstChild(index));
  }
}
