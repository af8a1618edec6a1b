package snapferry.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import snapferry.codec.LittleEndian;

/**
 * Computes the hash tree of a changed volume from the hashes of its changed blocks, which come in
 * ascending order, and the signature of what it was. Holds one group of 256 children per level;
 * {@code c} changed blocks recompute at most {@code c} nodes per level.
 *
 * <p>The base is only read, and only for groups that the update leaves with a child unmentioned. So
 * the base may itself still be written in ascending order, entries and tree, as long as it stays
 * ahead: whoever writes it has put a block beyond the last of that group into its own tree, or
 * finished, before this update goes beyond it or finishes. When every block is put, nothing is
 * read, and base and sink may be the same signature: that is how a tree is built while its blocks
 * stream by.
 *
 * <p>For one thread. Allocates nothing per block.
 */
public final class TreeUpdate {
  private static final long NONE = -1;

  private final Signature base;
  private final NodeSink sink;
  private final TreeShape tree;
  private final TreeHash hash = new TreeHash();
  private final Group[] groups;
  private final ByteBuffer zeros = Zeros.buffer();
  private long next;

  /**
   * The children of one node, as far as the update has told them; {@code groups[n]} is of level n.
   */
  private static final class Group {
    final ByteBuffer children;
    final BitSet known = new BitSet(TreeShape.FANOUT);
    final int childLength;
    long parent = NONE;

    Group(int childLength) {
      this.childLength = childLength;
      children = LittleEndian.direct(TreeShape.FANOUT * childLength);
    }
  }

  /**
   * @param base the signature before the change
   * @param sink is told every node that has a changed block below it, whether or not the node
   *     differs from the base's; children before parents, ascending on each level. It may be the
   *     base.
   */
  public TreeUpdate(Signature base, NodeSink sink) {
    this.base = base;
    this.sink = sink;
    tree = new TreeShape(base.shape().geometry().blocks());
    groups = new Group[tree.levels() + 1];
    for (int level = 0; level < groups.length; level++) {
      groups[level] = new Group(base.level(level).itemLength());
    }
  }

  /**
   * The hash of {@code block} is now {@code hash[at, at + hash length)}.
   *
   * @throws IllegalArgumentException if the block is not after all those before, or not of the
   *     volume
   */
  public void put(long block, ByteBuffer hash, int at) throws IOException {
    advance(block, 1);
    Group group = enter(0, TreeShape.parent(block));
    int child = child(block);
    group.children.put(child * group.childLength, hash, at, group.childLength);
    group.known.set(child);
  }

  /**
   * Blocks {@code [first, first + count)} are now zeros. Takes time for the ends of the run, not
   * for its length.
   *
   * @throws IllegalArgumentException if the run is empty, not after all blocks before, or not of
   *     the volume
   */
  public void putZeros(long first, long count) throws IOException {
    advance(first, count);
    clear(0, first, first + count);
  }

  private void advance(long first, long count) {
    if (first < next || count < 1 || count > tree.blocks() - first) {
      throw new IllegalArgumentException(
          count + " blocks from " + first + " after block " + (next - 1) + " of " + tree.blocks());
    }
    next = first + count;
  }

  /** Completes the tree. Nothing may be put afterwards. */
  public RootHash finish() throws IOException {
    next = tree.blocks();
    int top = tree.levels();
    leaveBelow(top);
    completeFromBase(top, 0, 1);
    return hash.root(base.shape(), groups[top].children, 0);
  }

  /**
   * Entries {@code [first, end)} of {@code level} are zero: so are the nodes all of whose children
   * are among them.
   */
  private void clear(int level, long first, long end) throws IOException {
    long index = first;
    while (index < end) {
      long parent = TreeShape.parent(index);
      boolean endsWhole = end == tree.nodes(level);
      long wholeEnd = endsWhole ? TreeShape.parent(end - 1) + 1 : TreeShape.parent(end);
      if (level < tree.levels() && child(index) == 0 && parent < wholeEnd) {
        leaveBelow(level + 1);
        sink.putZeroNodes(level + 1, parent, wholeEnd - parent);
        clear(level + 1, parent, wholeEnd);
        index = Math.min(end, TreeShape.firstChild(wholeEnd));
      } else {
        long groupEnd = Math.min(end, TreeShape.firstChild(parent + 1));
        Group group = enter(level, parent);
        int from = child(index);
        int to = from + (int) (groupEnd - index);
        int length = group.childLength;
        group.children.put(from * length, zeros, 0, (to - from) * length);
        group.known.set(from, to);
        index = groupEnd;
      }
    }
  }

  private static int child(long index) {
    return (int) (index % TreeShape.FANOUT);
  }

  /** The group of {@code parent}'s children; the one before is left, as those below it must be. */
  private Group enter(int level, long parent) throws IOException {
    Group group = groups[level];
    if (group.parent != parent) {
      leave(level);
      group.parent = parent;
    }
    return group;
  }

  private void leaveBelow(int level) throws IOException {
    for (int below = 0; below < level; below++) {
      leave(below);
    }
  }

  private void leave(int level) throws IOException {
    Group group = groups[level];
    long parent = group.parent;
    if (parent == NONE) {
      return;
    }
    int count = tree.children(level + 1, parent);
    completeFromBase(level, parent, count);
    group.parent = NONE;
    group.known.clear();
    Group above = enter(level + 1, TreeShape.parent(parent));
    int child = child(parent);
    int place = child * TreeShape.NODE;
    hash.node(level + 1, group.children, 0, count * group.childLength, above.children, place);
    above.known.set(child);
    sink.putNode(level + 1, parent, above.children.position(place));
    above.children.clear();
  }

  /**
   * Takes those of the {@code count} children of {@code parent} that no change has told from the
   * base: in one read, with what lies between them.
   */
  private void completeFromBase(int level, long parent, int count) throws IOException {
    Group group = groups[level];
    int first = group.known.nextClearBit(0);
    if (first >= count) {
      return;
    }
    int last = group.known.previousClearBit(count - 1);
    int length = group.childLength;
    ByteBuffer fromBase = Section.SCRATCH.get().clear().position(first * length);
    base.level(level).read(TreeShape.firstChild(parent) + first, last + 1 - first, fromBase);
    int child = first;
    while (child <= last) {
      int known = group.known.nextSetBit(child);
      int end = known < 0 ? last + 1 : known;
      group.children.put(child * length, fromBase, child * length, (end - child) * length);
      child = group.known.nextClearBit(end);
    }
  }
}
