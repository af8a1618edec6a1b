package snapferry.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import snapferry.codec.LittleEndian;

/** Goes through a stored tree from the block hashes up, each level in one sequential pass. */
final class TreeScan {
  /** Nodes at a time: their children are 64 KiB, or 128 KiB of SHA-256. */
  private static final int BATCH = 16;

  private final Section[] levels;
  private final TreeHash hash = new TreeHash();
  private final ByteBuffer children =
      LittleEndian.direct(BATCH * TreeShape.FANOUT * TreeShape.NODE);
  private final ByteBuffer stored = LittleEndian.direct(BATCH * TreeShape.NODE);
  private final ByteBuffer computed = LittleEndian.direct(TreeShape.NODE);

  /**
   * @param levels the block hashes and the levels of nodes above them
   */
  TreeScan(Section[] levels) {
    this.levels = levels;
  }

  /**
   * Computes each node from its stored children and compares it with what is stored.
   *
   * @param repair is told what wrong nodes should be, before their parents are looked at; it should
   *     store that
   * @return how many nodes were wrong
   */
  long wrongNodes(@Nullable NodeSink repair) throws IOException {
    long wrong = 0;
    for (int level = 1; level < levels.length; level++) {
      long nodes = levels[level].items();
      for (long first = 0; first < nodes; first += BATCH) {
        wrong += wrongNodes(level, first, (int) Math.min(BATCH, nodes - first), repair);
      }
    }
    return wrong;
  }

  /**
   * Which groups of blocks, by their node of level 1, have a node that is wrong, or one above it
   * that is.
   *
   * @param first a block
   * @param end the block after the last whose nodes are looked at
   * @param most how many to find
   */
  List<Long> wrongGroups(long first, long end, int most) throws IOException {
    long firstGroup = TreeShape.parent(first);
    NavigableSet<Long> wrong = new TreeSet<>();
    long from = first;
    long last = end - 1;
    long groups = 1; // Below a node of this level.
    for (int level = 1; level < levels.length; level++) {
      from = TreeShape.parent(from);
      last = TreeShape.parent(last);
      for (long node = from; node <= last && wrong.size() < most; node++) {
        // A node over one that is wrong does not fit it: that is one fault, and is known by now.
        boolean known = !wrong.subSet(node * groups, (node + 1) * groups).isEmpty();
        if (!known && wrongNodes(level, node, 1, null) > 0) {
          wrong.add(Math.max(firstGroup, node * groups));
        }
      }
      groups *= TreeShape.FANOUT;
    }
    return List.copyOf(wrong);
  }

  private long wrongNodes(int level, long first, int count, @Nullable NodeSink repair)
      throws IOException {
    Section below = levels[level - 1];
    long firstChild = TreeShape.firstChild(first);
    long childrenEnd = Math.min(below.items(), TreeShape.firstChild(first + count));
    below.read(firstChild, (int) (childrenEnd - firstChild), children.clear());
    levels[level].read(first, count, stored.clear());
    int length = TreeShape.FANOUT * below.itemLength();
    long wrong = 0;
    for (int i = 0; i < count; i++) {
      int offset = i * length;
      hash.node(
          level, children, offset, Math.min(length, children.position() - offset), computed, 0);
      stored.limit((i + 1) * TreeShape.NODE).position(i * TreeShape.NODE);
      if (!stored.equals(computed.clear())) {
        wrong++;
        if (repair != null) {
          repair.putNode(level, first + i, computed);
        }
      }
    }
    return wrong;
  }
}
