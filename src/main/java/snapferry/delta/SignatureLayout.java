package snapferry.delta;

/**
 * Where everything lies in a signature file:
 *
 * <pre>
 * offset 0      header, 4096 bytes
 *  section      blocks × hash length           block hashes
 *  section      nodes × 32                     tree, level 1 first, each level in order
 *  section      blocks × pages × 12            page sums; a short last block uses the first of its places
 * </pre>
 *
 * <p>Each section starts at the next multiple of 4096; the file ends with the page sums. All
 * results are in bytes.
 *
 * @param shape whose signature it is
 */
public record SignatureLayout(SignatureShape shape) {
  static final int ALIGNMENT = 4096;

  /** The tree over the block hashes. */
  public TreeShape tree() {
    return new TreeShape(shape.geometry().blocks());
  }

  /** Where the block hashes start. */
  public long hashes() {
    return SignatureHeader.LENGTH;
  }

  /** Where the nodes of {@code level} start, which is at least 1. */
  public long nodes(int level) {
    long hashesEnd = hashes() + shape.geometry().blocks() * shape.hash().length();
    return align(hashesEnd) + tree().nodesBelow(level) * TreeShape.NODE;
  }

  /** Where the page sums start. */
  public long pageSums() {
    return align(nodes(tree().levels() + 1));
  }

  /** Length of the file. */
  public long length() {
    return pageSums() + shape.geometry().blocks() * shape.pageSumsLength();
  }

  private static long align(long offset) {
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
