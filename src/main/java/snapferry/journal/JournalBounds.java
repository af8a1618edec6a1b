package snapferry.journal;

import snapferry.delta.PageRuns;
import snapferry.delta.SignatureShape;
import snapferry.delta.TreeShape;
import snapferry.extent.Geometry;

/**
 * What a record may say about a volume of this shape. The writer and the reader hold it against
 * each other's records.
 */
final class JournalBounds {
  private final SignatureShape shape;
  private final Geometry geometry;
  private final TreeShape tree;

  JournalBounds(SignatureShape shape) {
    this.shape = shape;
    this.geometry = shape.geometry();
    this.tree = new TreeShape(geometry.blocks());
  }

  Geometry geometry() {
    return geometry;
  }

  int entryLength() {
    return shape.entryLength();
  }

  /** Bytes of the longest record without literals: the entry and a run a page, or a node. */
  int maxHead() {
    int payload = shape.entryLength() + geometry.blockSize().pages();
    return JournalFormat.RECORD_HEADER + Math.max(payload, JournalFormat.NODE_PAYLOAD);
  }

  /** Bytes of the longest record: a block that is all Literal. */
  int maxRecord() {
    return maxHead() + geometry.blockSize().bytes();
  }

  /** Whether the volume has {@code count} blocks, at least one, from {@code first} on. */
  boolean hasBlocks(long first, long count) {
    long blocks = geometry.blocks();
    return first >= 0 && first < blocks && count >= 1 && count <= blocks - first;
  }

  /** Whether the tree has a node {@code index} on {@code level}; level 0 are the block hashes. */
  boolean hasNode(int level, long index) {
    return level >= 1 && level <= tree.levels() && index >= 0 && index < tree.nodes(level);
  }

  /** Whether {@code ops[0, pages)} of {@code block} are known and not all Same. */
  boolean isChange(long block, byte[] ops) {
    boolean change = false;
    for (int page = 0; page < geometry.pages(block); page++) {
      if (ops[page] < PageRuns.SAME || ops[page] > PageRuns.LITERAL) {
        return false;
      }
      change |= ops[page] != PageRuns.SAME;
    }
    return change;
  }

  /** Bytes of the Literal pages among {@code ops[0, pages)} of {@code block}. */
  int literalLength(long block, byte[] ops) {
    int length = 0;
    for (int page = 0; page < geometry.pages(block); page++) {
      if (ops[page] == PageRuns.LITERAL) {
        length += geometry.pageLength(block, page);
      }
    }
    return length;
  }
}
