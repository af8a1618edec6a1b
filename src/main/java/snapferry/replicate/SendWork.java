package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import snapferry.change.BlockSpans;
import snapferry.change.Span;
import snapferry.codec.LittleEndian;
import snapferry.delta.BlockSigner;
import snapferry.delta.MoveSearch;
import snapferry.delta.NewPages;
import snapferry.delta.PageDiff;
import snapferry.delta.PageMatcher;
import snapferry.delta.PageRuns;
import snapferry.delta.Signature;
import snapferry.delta.SignatureShape;
import snapferry.delta.Zeros;
import snapferry.extent.Geometry;
import snapferry.wire.DeltaEncoder;
import snapferry.wire.DeltaFrame;
import snapferry.wire.Frames;
import snapferry.wire.Zero;

/**
 * What a worker of the sender does with a chunk: reads and hashes it, compares it with the basis
 * block by block and, where a block differs, page by page, and encodes what differs.
 */
final class SendWork implements ChunkPipeline.Work<SendSlot> {
  private final SignatureShape shape;
  private final Geometry geometry;
  private final BlockReading reading;
  private final BasisSignature basis;
  private final @Nullable Signature record;
  private final boolean recordIsBasis;
  private final boolean encode;
  private final HeatCount heat;
  private final BlockSigner signer;
  private final int hashLength;
  private final ByteBuffer bytes;
  private final ByteBuffer newHashes;
  private final ByteBuffer basisHashes;
  private final ByteBuffer recordHashes;
  private final ByteBuffer basisSums;
  private final NewPages pages;
  private final @Nullable PageMatcher matcher;
  private long matcherRead;
  private final boolean[] differs;
  private long zerosFirst;
  private long zerosCount;

  /**
   * @param record our own signature, whose outdated entries are collected; null to collect none
   * @param moved finds data that moved; null to look for none
   * @param encode whether to make frames, or only to count
   * @param heat learns of each block that differs
   */
  SendWork(
      SignatureShape shape,
      BlockReading reading,
      BasisSignature basis,
      @Nullable Signature record,
      @Nullable MoveSearch moved,
      boolean encode,
      HeatCount heat) {
    this.shape = shape;
    this.geometry = shape.geometry();
    this.reading = reading;
    this.basis = basis;
    this.record = record;
    this.encode = encode;
    this.heat = heat;
    this.signer = new BlockSigner(shape);
    this.hashLength = shape.hash().length();
    int blocks = BlockReading.chunkBlocks(geometry);
    this.bytes = reading.buffer();
    this.newHashes = LittleEndian.direct(blocks * hashLength);
    this.basisHashes = LittleEndian.direct(blocks * hashLength);
    this.recordIsBasis = basis.is(record);
    this.recordHashes = recordIsBasis ? basisHashes : LittleEndian.direct(blocks * hashLength);
    this.basisSums = LittleEndian.direct(blocks * shape.pageSumsLength());
    this.differs = new boolean[blocks];
    this.pages = new NewPages(shape, blocks);
    this.matcher = moved == null ? null : moved.matcher(this::readAround);
  }

  @Override
  public void fill(BlockSpans.Run chunk, SendSlot slot) throws IOException {
    slot.clear();
    slot.bytesRead = reading.readAndHash(chunk, signer, bytes, newHashes, hashLength);
    int count = (int) chunk.count();
    basis.await(chunk.first() + count);
    basis.hashes(chunk.first(), count, basisHashes.clear());
    if (record != null && !recordIsBasis) {
      record.hashes(chunk.first(), count, recordHashes.clear());
    }
    pages.begin(chunk.first(), count, bytes);
    for (int i = 0; i < count; i++) {
      differs[i] = !same(basisHashes, i);
      boolean outdated = record != null && !same(recordHashes, i);
      if (differs[i] || outdated) {
        sign(chunk.first() + i, i);
      }
      if (outdated) {
        record(chunk.first() + i, i, slot.entries);
      }
      if (differs[i] && chunk.kind() == Span.Kind.PATROL) {
        slot.missed.add(chunk.first() + i);
      }
    }
    classify(chunk.first(), count);
    if (matcher != null) {
      matcherRead = 0;
      matcher.match(pages);
      slot.bytesRead += matcherRead;
    }
    encode(chunk.first(), count, slot);
  }

  private boolean same(ByteBuffer others, int i) {
    return shape.hash().same(newHashes, i * hashLength, others, i * hashLength);
  }

  private void sign(long block, int i) {
    int offset = i * geometry.blockSize().bytes();
    signer.pageSums(bytes, offset, geometry.length(block), pages.sums(), pages.sumsAt(i));
  }

  private void record(long block, int i, ByteBuffer entries) {
    entries.putLong(block);
    append(newHashes, i * hashLength, hashLength, entries);
    append(pages.sums(), pages.sumsAt(i), shape.pageSumsLength(), entries);
  }

  private static void append(ByteBuffer from, int at, int length, ByteBuffer to) {
    to.put(to.position(), from, at, length).position(to.position() + length);
  }

  /** Decides by page sums what becomes of each page of the blocks that differ. */
  private void classify(long first, int count) throws IOException {
    readBasisSums(first, count);
    for (int i = 0; i < count; i++) {
      if (differs[i]) {
        PageDiff.classify(
            pages.sums(),
            pages.sumsAt(i),
            basisSums,
            i * shape.pageSumsLength(),
            geometry.pages(first + i),
            pages.ops(i));
      }
    }
  }

  /**
   * Of the blocks that differ: in one read from the first to the last, whatever lies between; where
   * the basis is zeros there is nothing to read.
   */
  private void readBasisSums(long first, int count) throws IOException {
    int length = shape.pageSumsLength();
    int from = count;
    int to = 0;
    for (int i = 0; i < count; i++) {
      if (differs[i] && !isBasisZero(i)) {
        from = Math.min(from, i);
        to = i + 1;
      }
    }
    if (from < to) {
      basis.pageSums(first + from, to - from, basisSums.clear().position(from * length));
    }
    for (int i = 0; i < count; i++) {
      if (differs[i] && isBasisZero(i)) {
        Zeros.fill(basisSums.limit((i + 1) * length).position(i * length));
      }
    }
    basisSums.clear();
  }

  private boolean isBasisZero(int i) {
    return Zeros.isZero(basisHashes, i * hashLength, hashLength);
  }

  /** The matcher looks beyond the edges of a chunk. */
  private void readAround(long offset, ByteBuffer into) throws IOException {
    matcherRead += into.remaining();
    reading.read(offset, into);
  }

  private void encode(long first, int count, SendSlot slot) {
    zerosCount = 0;
    for (int i = 0; i < count; i++) {
      if (!differs[i]) {
        continue;
      }
      heat.add(first + i, 1);
      if (slot.firstDifference < 0) {
        slot.firstDifference = first + i;
      }
      if (Zeros.isZero(newHashes, i * hashLength, hashLength)) {
        zero(first + i, slot);
      } else {
        delta(first + i, i, slot);
      }
    }
    finishZeros(slot);
    if (slot.pending.literalBytes() >= DeltaGathering.ENOUGH) {
      finishDelta(slot);
    }
  }

  private void zero(long block, SendSlot slot) {
    finishDelta(slot);
    if (zerosCount > 0 && zerosFirst + zerosCount != block) {
      finishZeros(slot);
    }
    if (zerosCount == 0) {
      zerosFirst = block;
    }
    zerosCount++;
    slot.zeroBytes += geometry.length(block);
  }

  private void delta(long block, int i, SendSlot slot) {
    finishZeros(slot);
    byte[] ops = pages.ops(i);
    if (!slot.pending.fits(block, DeltaFrame.bytes(PageRuns.LITERAL, geometry, block, ops))) {
      finishDelta(slot);
    }
    int offset = i * geometry.blockSize().bytes();
    slot.pending.add(block, newHashes, i * hashLength, ops, pages.sources(i), bytes, offset);
    slot.zeroBytes += DeltaFrame.bytes(PageRuns.ZERO, geometry, block, ops);
  }

  private void finishDelta(SendSlot slot) {
    DeltaEncoder encoder = slot.pending;
    if (encoder.isEmpty()) {
      return;
    }
    slot.deltaFrames++;
    slot.deltaBlocks += encoder.blocks();
    slot.literalBytes += encoder.literalBytes();
    slot.copiedBytes += encoder.copiedBytes();
    if (encode) {
      encoder.finish(slot.roomForFrame());
    }
    encoder.begin();
  }

  private void finishZeros(SendSlot slot) {
    if (zerosCount == 0) {
      return;
    }
    slot.zeroBlocks += zerosCount;
    if (encode) {
      Frames.encode(new Zero(zerosFirst, zerosCount), slot.roomForFrame());
    }
    zerosCount = 0;
  }

  /**
   * Encodes one block whole, for a standby on which it did not come out as announced, or is not
   * what it was.
   *
   * @param slot gets the frame
   */
  void repair(long block, SendSlot slot) throws IOException {
    slot.clear();
    reading.readBlock(block, bytes);
    int length = geometry.length(block);
    if (!signer.hash(bytes, 0, length, newHashes, 0)) {
      zero(block, slot);
      finishZeros(slot);
      return;
    }
    pages.begin(block, 1, bytes);
    sign(block, 0);
    PageDiff.whole(pages.sums(), pages.sumsAt(0), geometry.pages(block), pages.ops(0));
    slot.pending.add(block, newHashes, 0, pages.ops(0), PageRuns.NO_COPIES, bytes, 0);
    finishDelta(slot);
  }
}
