package snapferry.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import snapferry.codec.LittleEndian;
import snapferry.extent.BlockSize;

/** Asks whether a page of the basis has a sum. Neighbours are asked for together. One thread. */
final class BasisPages {
  private final BasisSums basis;
  private final int pagesPerBlock;
  private final long wholePages;
  private final ByteBuffer sums;
  private long block = -1;

  BasisPages(SignatureShape shape, BasisSums basis) {
    this.basis = basis;
    this.pagesPerBlock = shape.geometry().blockSize().pages();
    this.wholePages = shape.geometry().size() / BlockSize.PAGE;
    this.sums = LittleEndian.direct(shape.pageSumsLength());
  }

  /** Whether {@code page} is a whole page of the basis, known already, and has this strong sum. */
  boolean is(long page, long strong) throws IOException {
    if (page < 0 || page >= wholePages) {
      return false;
    }
    if (page / pagesPerBlock != block) {
      if (page / pagesPerBlock >= basis.known()) {
        return false;
      }
      block = page / pagesPerBlock;
      basis.pageSums(block, 1, sums.clear());
    }
    int at = (int) (page % pagesPerBlock) * SignatureShape.PAGE_SUM;
    return sums.getLong(at + Integer.BYTES) == strong;
  }
}
