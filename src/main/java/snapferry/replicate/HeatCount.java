package snapferry.replicate;

import java.util.concurrent.atomic.AtomicLongArray;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/** Counts what changes where while a run goes on. Safe for use by several threads. */
final class HeatCount {
  private final long blocks;
  private final int pagesPerBlock;
  private final AtomicLongArray pages;

  HeatCount(Geometry geometry) {
    this.blocks = geometry.blocks();
    this.pagesPerBlock = geometry.blockSize().bytes() / BlockSize.PAGE;
    this.pages = new AtomicLongArray((int) Math.min(Heat.MAX_PARTS, blocks));
  }

  /** These blocks changed. */
  void add(long first, long count) {
    long end = first + count;
    long block = first;
    // A volume has at most 2^48 blocks, so nothing overflows here.
    while (block < end) {
      int part = (int) (block * pages.length() / blocks);
      long next = Math.min(end, begin(part + 1));
      pages.addAndGet(part, (next - block) * pagesPerBlock);
      block = next;
    }
  }

  /** The first block of {@code part}. */
  private long begin(int part) {
    return (part * blocks + pages.length() - 1) / pages.length();
  }

  /** What was counted so far. */
  Heat heat() {
    StringBuilder levels = new StringBuilder(pages.length());
    for (int part = 0; part < pages.length(); part++) {
      int digits = Long.SIZE - Long.numberOfLeadingZeros(pages.get(part));
      levels.append(Character.forDigit(Math.min(digits, Heat.MAX_LEVEL), Character.MAX_RADIX));
    }
    return new Heat(levels.toString());
  }
}
