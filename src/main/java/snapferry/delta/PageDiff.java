package snapferry.delta;

import static snapferry.delta.PageRuns.LITERAL;
import static snapferry.delta.PageRuns.SAME;
import static snapferry.delta.PageRuns.ZERO;
import static snapferry.delta.SignatureShape.PAGE_SUM;

import java.nio.ByteBuffer;

/**
 * Decides by page sums what becomes of each page of a block whose hash differs. Allocates nothing.
 */
public final class PageDiff {
  private PageDiff() {}

  /**
   * Compares the page sums {@code newSums[at...]} with {@code basisSums[basisAt...]} and sets
   * {@code ops[0, pages)}, the ops of {@link PageRuns}: never all SAME, because the block is known
   * to differ even where page sums collide.
   *
   * @return how many pages are LITERAL
   */
  public static int classify(
      ByteBuffer newSums, int at, ByteBuffer basisSums, int basisAt, int pages, byte[] ops) {
    int literals = 0;
    boolean changes = false;
    for (int page = 0; page < pages; page++) {
      int sum = at + page * PAGE_SUM;
      int basisSum = basisAt + page * PAGE_SUM;
      boolean same =
          newSums.getLong(sum + Integer.BYTES) == basisSums.getLong(basisSum + Integer.BYTES)
              && newSums.getInt(sum) == basisSums.getInt(basisSum);
      byte op = same ? SAME : withoutBasis(newSums, sum);
      ops[page] = op;
      changes |= op != SAME;
      literals += op == LITERAL ? 1 : 0;
    }
    return changes ? literals : whole(newSums, at, pages, ops);
  }

  /**
   * As {@link #classify}, for a block that is sent whole, because there is no basis or because the
   * sums misled: every page is LITERAL, or ZERO.
   */
  public static int whole(ByteBuffer newSums, int at, int pages, byte[] ops) {
    int literals = 0;
    for (int page = 0; page < pages; page++) {
      ops[page] = withoutBasis(newSums, at + page * PAGE_SUM);
      literals += ops[page] == LITERAL ? 1 : 0;
    }
    return literals;
  }

  private static byte withoutBasis(ByteBuffer sums, int at) {
    return sums.getInt(at) == 0 && sums.getLong(at + Integer.BYTES) == 0 ? ZERO : LITERAL;
  }
}
