package snapferry.delta;

import java.nio.ByteBuffer;
import java.util.Arrays;
import snapferry.codec.LittleEndian;
import snapferry.extent.Geometry;

/**
 * A stretch of the new volume, in whole blocks: its bytes, the sums of its pages, and what becomes
 * of each. Made once and reused; pages are numbered from its start.
 */
public final class NewPages {
  private final Geometry geometry;
  private final int pagesPerBlock;
  private final ByteBuffer sums;
  private final byte[][] ops;
  private final long[][] sources;
  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private long first;
  private int blocks;

  /**
   * Room for stretches.
   *
   * @param maxBlocks most blocks in one
   */
  public NewPages(SignatureShape shape, int maxBlocks) {
    this.geometry = shape.geometry();
    this.pagesPerBlock = geometry.blockSize().pages();
    this.sums = LittleEndian.direct(maxBlocks * shape.pageSumsLength());
    this.ops = new byte[maxBlocks][pagesPerBlock];
    this.sources = new long[maxBlocks][pagesPerBlock];
  }

  /**
   * Begins with another stretch, in which no page changes yet.
   *
   * @param bytes holds the blocks from 0 on
   */
  public void begin(long first, int blocks, ByteBuffer bytes) {
    this.first = first;
    this.blocks = blocks;
    this.bytes = bytes;
    for (int i = 0; i < blocks; i++) {
      Arrays.fill(ops[i], PageRuns.SAME);
    }
  }

  /** What becomes of the pages of the {@code i}th block, see {@link PageRuns}. */
  public byte[] ops(int i) {
    return ops[i];
  }

  /** Where in the basis those pages of the {@code i}th block are that are copies. */
  public long[] sources(int i) {
    return sources[i];
  }

  /** Holds the page sums of changed blocks, at {@link #sumsAt}. */
  public ByteBuffer sums() {
    return sums;
  }

  /** Where in {@link #sums} those of the {@code i}th block are. */
  public int sumsAt(int i) {
    return i * pagesPerBlock * SignatureShape.PAGE_SUM;
  }

  ByteBuffer bytes() {
    return bytes;
  }

  /** Where in the volume it starts, in bytes. */
  long offset() {
    return geometry.offset(first);
  }

  /** How long it is, in bytes. */
  int length() {
    return (int) geometry.extent(first, blocks).length();
  }

  boolean isLiteral(int page) {
    return ops[page / pagesPerBlock][page % pagesPerBlock] == PageRuns.LITERAL;
  }

  int weak(int page) {
    return sums.getInt(page * SignatureShape.PAGE_SUM);
  }

  long strong(int page) {
    return sums.getLong(page * SignatureShape.PAGE_SUM + Integer.BYTES);
  }

  void copy(int page, long source) {
    ops[page / pagesPerBlock][page % pagesPerBlock] = PageRuns.COPY;
    sources[page / pagesPerBlock][page % pagesPerBlock] = source;
  }
}
