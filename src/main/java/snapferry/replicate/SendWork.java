package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import snapferry.change.BlockSpans;
import snapferry.change.Span;
import snapferry.codec.LittleEndian;
import snapferry.delta.BlockSigner;
import snapferry.delta.PageDiff;
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
  private final boolean encode;
  private final BlockSigner signer;
  private final DeltaEncoder encoder;
  private final int hashLength;
  private final ByteBuffer newHashes;
  private final ByteBuffer basisHashes;
  private final ByteBuffer recordHashes;
  private final ByteBuffer entry;
  private final ByteBuffer basisSums;
  private final byte[] ops;
  private long zerosFirst;
  private long zerosCount;

  /**
   * @param record our own signature, whose outdated entries are collected; null to collect none
   * @param encode whether to make frames, or only to count
   */
  SendWork(
      SignatureShape shape,
      BlockReading reading,
      BasisSignature basis,
      @Nullable Signature record,
      boolean encode,
      boolean compress) {
    this.shape = shape;
    this.geometry = shape.geometry();
    this.reading = reading;
    this.basis = basis;
    this.record = record;
    this.encode = encode;
    this.signer = new BlockSigner(shape);
    this.encoder = new DeltaEncoder(geometry, shape.hash(), compress);
    this.hashLength = shape.hash().length();
    int blocks = BlockReading.chunkBlocks(geometry);
    this.newHashes = LittleEndian.direct(blocks * hashLength);
    this.basisHashes = LittleEndian.direct(blocks * hashLength);
    this.recordHashes = LittleEndian.direct(blocks * hashLength);
    this.entry = LittleEndian.direct(shape.entryLength());
    this.basisSums = LittleEndian.direct(shape.pageSumsLength());
    this.ops = new byte[geometry.blockSize().pages()];
  }

  @Override
  public void fill(BlockSpans.Run chunk, SendSlot slot) throws IOException {
    slot.clear();
    if (chunk.kind() != Span.Kind.READ) {
      return;
    }
    slot.bytesRead = reading.readAndHash(chunk, signer, slot.bytes, newHashes, hashLength);
    int count = (int) chunk.count();
    basis.await(chunk.first() + count);
    basis.hashes(chunk.first(), count, basisHashes.clear());
    if (record != null) {
      record.hashes(chunk.first(), count, recordHashes.clear());
    }
    encoder.begin();
    zerosCount = 0;
    for (int i = 0; i < count; i++) {
      boolean differs = !same(basisHashes, i);
      boolean outdated = record != null && !same(recordHashes, i);
      if (differs || outdated) {
        change(chunk.first() + i, i, differs, outdated, slot);
      }
    }
    finishZeros(slot);
    finishDelta(slot);
  }

  private boolean same(ByteBuffer others, int i) {
    return shape.hash().same(newHashes, i * hashLength, others, i * hashLength);
  }

  private void change(long block, int i, boolean differs, boolean outdated, SendSlot slot)
      throws IOException {
    int offset = i * geometry.blockSize().bytes();
    entry.put(0, newHashes, i * hashLength, hashLength);
    signer.pageSums(slot.bytes, offset, geometry.length(block), entry, hashLength);
    if (outdated) {
      slot.entries.putLong(block).put(entry.clear());
    }
    if (!differs) {
      return;
    }
    if (slot.firstDifference < 0) {
      slot.firstDifference = block;
    }
    if (Zeros.isZero(newHashes, i * hashLength, hashLength)) {
      zero(block, slot);
    } else {
      delta(block, i, offset, slot);
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

  private void delta(long block, int i, int offset, SendSlot slot) throws IOException {
    finishZeros(slot);
    int pages = geometry.pages(block);
    basis.pageSums(block, basisSums.clear());
    PageDiff.classify(entry, hashLength, basisSums, 0, pages, ops);
    int literals = DeltaFrame.literalBytes(geometry, block, ops);
    if (!encoder.fits(block, literals)) {
      finishDelta(slot);
    }
    encoder.add(block, newHashes, i * hashLength, ops, PageRuns.NO_COPIES, slot.bytes, offset);
    for (int page = 0; page < pages; page++) {
      if (ops[page] == PageRuns.ZERO) {
        slot.zeroBytes += geometry.pageLength(block, page);
      }
    }
  }

  private void finishDelta(SendSlot slot) {
    if (encoder.isEmpty()) {
      return;
    }
    slot.deltaFrames++;
    slot.deltaBlocks += encoder.blocks();
    slot.literalBytes += encoder.literalBytes();
    slot.copiedBytes += encoder.copiedBytes();
    if (encode) {
      encoder.finish(slot.frames);
    }
    encoder.begin();
  }

  private void finishZeros(SendSlot slot) {
    if (zerosCount == 0) {
      return;
    }
    slot.zeroBlocks += zerosCount;
    if (encode) {
      Frames.encode(new Zero(zerosFirst, zerosCount), slot.frames);
    }
    zerosCount = 0;
  }

  /**
   * Encodes one block whole, for a standby on which it did not come out as announced.
   *
   * @param slot gets the frame
   */
  void repair(long block, SendSlot slot) throws IOException {
    slot.clear();
    reading.readBlock(block, slot.bytes);
    int length = geometry.length(block);
    if (!signer.hash(slot.bytes, 0, length, newHashes, 0)) {
      throw new IOException(
          "the block at offset " + geometry.offset(block) + " became zeros while it was read");
    }
    signer.pageSums(slot.bytes, 0, length, entry, hashLength);
    PageDiff.whole(entry, hashLength, geometry.pages(block), ops);
    encoder.begin();
    encoder.add(block, newHashes, 0, ops, PageRuns.NO_COPIES, slot.bytes, 0);
    finishDelta(slot);
  }

  /** A slot that a {@link #repair} can fill. */
  SendSlot newSlot() {
    return new SendSlot(shape);
  }
}
