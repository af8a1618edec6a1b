package snapferry.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import snapferry.codec.LittleEndian;
import snapferry.extent.BlockSize;

/**
 * The index of the basis's pages, made by one pass over its page sums when there is first something
 * that makes it worth while. Of a basis that is still arriving it holds what has arrived; it grows
 * as that does. Safe for use by several threads, which wait while one of them makes it: what they
 * would do meanwhile is send what the index would find.
 */
final class BasisIndex {
  /** So many neighbouring pages, at least, make it worth while to look. */
  static final int MIN_RUN = 8;

  /** A page of the basis costs about 1/2^15 of what a page on the line does. */
  private static final int WORTH_SHIFT = 15;

  private static final int WORDS = SignatureShape.PAGE_SUM / Integer.BYTES;

  /** Blocks that count as one when they are not all zero. */
  private static final int GROUP = 256;

  /** What has arrived is added when it is this part of the volume. */
  private static final int STEPS = 4096;

  /** Bytes of page sums that are read at a time. */
  private static final int READ = 64 << 10;

  private final SignatureShape shape;
  private final BasisSums basis;
  private final long memory;
  private final long blocks;
  private final int pagesPerBlock;
  private final long wholePages;
  private final ByteBuffer sums = LittleEndian.direct(READ);
  private final int[] words = new int[READ / Integer.BYTES];
  private final AtomicLong unexplained = new AtomicLong();
  private volatile @Nullable PageIndex index;
  private volatile long indexed;

  /**
   * Makes nothing yet.
   *
   * @param memory most bytes that the index may take
   */
  BasisIndex(SignatureShape shape, BasisSums basis, long memory) {
    this.shape = shape;
    this.basis = basis;
    this.memory = memory;
    this.blocks = shape.geometry().blocks();
    this.pagesPerBlock = shape.geometry().blockSize().pages();
    this.wholePages = shape.geometry().size() / BlockSize.PAGE;
  }

  /**
   * The index for a run of so many pages that are not explained; null while it is not worth while.
   */
  @Nullable PageIndex forRun(int pages) throws IOException {
    PageIndex made = index;
    if (made == null) {
      long all = blocks * pagesPerBlock;
      if (pages < MIN_RUN || unexplained.addAndGet(pages) < all >> WORTH_SHIFT) {
        return null;
      }
    } else if (indexed == blocks || basis.known() - indexed <= blocks / STEPS) {
      return made;
    }
    return upToDate();
  }

  private synchronized PageIndex upToDate() throws IOException {
    long known = basis.known();
    PageIndex made = index;
    if (made == null) {
      made = PageIndex.create((nonZero(known) + blocks - known) * pagesPerBlock, memory);
    }
    long block = basis.nextNonZero(indexed, known);
    while (block < known) {
      int count = (int) Math.min(READ / shape.pageSumsLength(), known - block);
      read(block, count, made);
      block = basis.nextNonZero(block + count, known);
    }
    indexed = known;
    index = made;
    return made;
  }

  private void read(long first, int count, PageIndex made) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new ClosedByInterruptException();
    }
    basis.pageSums(first, count, sums.clear());
    // From an array: this loop goes through the whole basis before it could be compiled well.
    int pages = count * pagesPerBlock;
    sums.flip().asIntBuffer().get(words, 0, pages * WORDS);
    long firstPage = first * pagesPerBlock;
    // A short page is no page that a window could be equal to.
    int whole = (int) Math.min(pages, wholePages - firstPage);
    for (int page = 0; page < whole; page++) {
      int at = page * WORDS;
      if ((words[at] | words[at + 1] | words[at + 2]) != 0) {
        made.add(firstPage + page, words[at]);
      }
    }
  }

  /** How many blocks are not zero, counted by groups: a bit too many. */
  private long nonZero(long known) throws IOException {
    long count = 0;
    long block = basis.nextNonZero(0, known);
    while (block < known) {
      long some = Math.min(GROUP, known - block);
      count += some;
      block = basis.nextNonZero(block + some, known);
    }
    return count;
  }
}
