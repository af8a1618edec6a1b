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

  private static final int COUNTED = 4096;

  /** Bytes of page sums that are read at a time. */
  private static final int READ = 64 << 10;

  private final SignatureShape shape;
  private final BasisSums basis;
  private final long memory;
  private final long blocks;
  private final int pagesPerBlock;
  private final ByteBuffer sums;
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
    this.sums = LittleEndian.direct(READ);
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
    } else if (indexed == blocks || basis.known() - indexed <= blocks / COUNTED) {
      return made;
    }
    return upToDate();
  }

  private synchronized PageIndex upToDate() throws IOException {
    long known = basis.known();
    PageIndex made = index;
    if (made == null) {
      long unknown = blocks - known;
      made = PageIndex.create((nonZero(known) + unknown) * pagesPerBlock, memory);
    }
    long block = basis.nextNonZero(indexed, known);
    while (block < known) {
      if (Thread.currentThread().isInterrupted()) {
        throw new ClosedByInterruptException();
      }
      int some = (int) Math.min(sums.capacity() / shape.pageSumsLength(), known - block);
      basis.pageSums(block, some, sums.clear());
      for (int i = 0; i < some; i++) {
        add(block + i, i * shape.pageSumsLength(), made);
      }
      block = basis.nextNonZero(block + some, known);
    }
    indexed = known;
    index = made;
    return made;
  }

  private void add(long block, int sumsAt, PageIndex made) {
    // A short page is no page that a window could be equal to.
    int pages = shape.geometry().length(block) / BlockSize.PAGE;
    for (int page = 0; page < pages; page++) {
      int at = sumsAt + page * SignatureShape.PAGE_SUM;
      int weak = sums.getInt(at);
      if (weak != 0 || sums.getLong(at + Integer.BYTES) != 0) {
        made.add(block * pagesPerBlock + page, weak);
      }
    }
  }

  private long nonZero(long known) throws IOException {
    int hashLength = shape.hash().length();
    ByteBuffer hashes = LittleEndian.direct(COUNTED * hashLength);
    long count = 0;
    long block = basis.nextNonZero(0, known);
    while (block < known) {
      int some = (int) Math.min(COUNTED, known - block);
      basis.hashes(block, some, hashes.clear());
      for (int i = 0; i < some; i++) {
        count += Zeros.isZero(hashes, i * hashLength, hashLength) ? 0 : 1;
      }
      block = basis.nextNonZero(block + some, known);
    }
    return count;
  }
}
