package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import snapferry.codec.LittleEndian;
import snapferry.delta.BlockSigner;
import snapferry.delta.PageRuns;
import snapferry.delta.Signature;
import snapferry.delta.SignatureShape;
import snapferry.delta.Zeros;
import snapferry.device.BlockDevice;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * Builds in memory, block by block and in the order of the volume, what undo records make of an
 * image. Shows those blocks that become something else.
 */
final class Restoration {
  private final SignatureShape shape;
  private final Geometry geometry;
  private final UndoMerge merge;
  private final Assembly image;
  private final BlockSigner signer;
  private final byte[] ops;
  private final ByteBuffer after;
  private final ByteBuffer literals;
  private final ByteBuffer entry;
  private long block = -1;
  private int literalsLength;

  /**
   * @param signature of the image as it should be, in the shape that it goes back to
   */
  Restoration(BlockDevice image, Signature signature, UndoMerge merge) throws IOException {
    this.shape = signature.shape();
    this.geometry = shape.geometry();
    this.merge = merge;
    this.image = new Assembly(image, signature, true, false, null);
    this.signer = new BlockSigner(shape);
    this.ops = new byte[geometry.blockSize().pages()];
    this.after = LittleEndian.direct(geometry.blockSize().bytes());
    this.literals = LittleEndian.direct(geometry.blockSize().bytes());
    this.entry = LittleEndian.direct(shape.entryLength());
  }

  /**
   * Goes to the next block that becomes something else; false when there is none.
   *
   * @throws snapferry.failure.Failure with {@link snapferry.failure.ExitCode#INTEGRITY} when the
   *     image does not hold what its signature says
   */
  boolean next() throws IOException {
    long at = merge.next(geometry.offset(block + 1));
    while (at >= 0 && at < geometry.size()) {
      block = geometry.blockAt(at);
      image.readBasis(block);
      after.put(0, image.block(), 0, geometry.length(block));
      merge.overlay(geometry.extent(block, 1), after);
      if (compare()) {
        sign();
        return true;
      }
      at = merge.next(geometry.offset(block + 1));
    }
    return false;
  }

  /** Finds the pages that become something else; false if none does. */
  private boolean compare() {
    ByteBuffer before = image.block();
    boolean changes = false;
    Arrays.fill(ops, PageRuns.SAME);
    literalsLength = 0;
    for (int page = 0; page < geometry.pages(block); page++) {
      int at = page * BlockSize.PAGE;
      int length = geometry.pageLength(block, page);
      if (after.slice(at, length).mismatch(before.slice(at, length)) >= 0) {
        changes = true;
        ops[page] = Zeros.isZero(after, at, length) ? PageRuns.ZERO : PageRuns.LITERAL;
        if (ops[page] == PageRuns.LITERAL) {
          literals.put(literalsLength, after, at, length);
          literalsLength += length;
        }
      }
    }
    return changes;
  }

  private void sign() {
    int length = geometry.length(block);
    signer.hash(after, 0, length, entry, 0);
    signer.pageSums(after, 0, length, entry, shape.hash().length());
  }

  /** The block that becomes something else. */
  long block() {
    return block;
  }

  /** What it is. */
  ByteBuffer before() {
    return image.block();
  }

  /** Whether it becomes zeros. */
  boolean isZero() {
    return Zeros.isZero(entry, 0, shape.hash().length());
  }

  /** Hash and page sums of what it becomes, from position to limit. */
  ByteBuffer entry() {
    return entry.clear();
  }

  /** One {@link PageRuns} op a page, none of them COPY. */
  byte[] ops() {
    return ops;
  }

  /** The bytes of the literal pages, one after another from 0 on. */
  ByteBuffer literals() {
    return literals;
  }

  /** Bytes of the literal pages. */
  int literalsLength() {
    return literalsLength;
  }
}
