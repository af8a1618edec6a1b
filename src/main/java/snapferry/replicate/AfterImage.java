package snapferry.replicate;

import java.nio.ByteBuffer;
import java.util.Arrays;
import snapferry.codec.LittleEndian;
import snapferry.delta.PageRuns;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.wire.DeltaDecoder;

/**
 * What a block becomes, without copies: the pages that were copied are literals too. So a journal
 * can be applied twice, however far it got the first time. Made once and reused.
 */
final class AfterImage {
  private final Geometry geometry;
  private final byte[] resolvedOps;
  private final ByteBuffer gathered;
  private byte[] ops;
  private ByteBuffer literals;
  private int at;
  private int length;

  AfterImage(Geometry geometry) {
    this.geometry = geometry;
    this.resolvedOps = new byte[geometry.blockSize().pages()];
    this.gathered = LittleEndian.direct(geometry.blockSize().bytes());
    this.ops = resolvedOps;
    this.literals = gathered;
  }

  /**
   * Takes the block that {@code delta} is at. Nothing is moved when it has no copies.
   *
   * @param block its bytes as they become
   */
  void take(DeltaDecoder delta, ByteBuffer block) {
    if (delta.copiedLength() == 0) {
      ops = delta.ops();
      literals = delta.literals();
      at = delta.literalsAt();
      length = delta.literalsLength();
      return;
    }
    ops = resolvedOps;
    literals = gathered;
    at = 0;
    length = 0;
    Arrays.fill(ops, PageRuns.SAME);
    for (int page = 0; page < delta.pages(); page++) {
      byte op = delta.ops()[page];
      ops[page] = op == PageRuns.COPY ? PageRuns.LITERAL : op;
      if (ops[page] == PageRuns.LITERAL) {
        int pageLength = geometry.pageLength(delta.block(), page);
        gathered.put(length, block, page * BlockSize.PAGE, pageLength);
        length += pageLength;
      }
    }
  }

  /** One {@link PageRuns} op a page, none of them COPY. */
  byte[] ops() {
    return ops;
  }

  /** Holds the bytes of the literal pages, one after another, at {@link #literalsAt}. */
  ByteBuffer literals() {
    return literals;
  }

  int literalsAt() {
    return at;
  }

  /** Bytes of the literal pages. */
  int literalsLength() {
    return length;
  }
}
