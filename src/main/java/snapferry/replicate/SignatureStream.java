package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import snapferry.change.BlockSpans;
import snapferry.change.Scan;
import snapferry.codec.LittleEndian;
import snapferry.delta.Signature;
import snapferry.delta.SignatureShape;
import snapferry.delta.TreeUpdate;
import snapferry.delta.Zeros;
import snapferry.device.BlockDevice;
import snapferry.extent.Geometry;
import snapferry.wire.SignatureEncoder;
import snapferry.wire.ZeroSignature;

/**
 * Sends the signature of what the standby holds, block by block: the stored one, or one that is
 * made by reading the image. Runs while the source reads its own side.
 */
final class SignatureStream {
  /** Bytes of a stored signature that are read at a time. */
  private static final int BATCH = 256 << 10;

  private final Line line;
  private final SignatureShape shape;
  private final Geometry geometry;
  private final SignatureEncoder encoder;
  private final ByteBuffer frame;
  private long zerosFirst;
  private long zerosCount;

  SignatureStream(Line line, SignatureShape shape) {
    this.line = line;
    this.shape = shape;
    this.geometry = shape.geometry();
    this.encoder = new SignatureEncoder(shape);
    this.frame = LittleEndian.direct(encoder.maxFrameLength());
    encoder.begin();
  }

  /** Sends {@code stored}. */
  void send(Signature stored) throws IOException {
    int length = shape.entryLength();
    int batch = Math.max(1, BATCH / length);
    ByteBuffer entries = LittleEndian.direct(batch * length);
    long blocks = geometry.blocks();
    long block = 0;
    while (block < blocks) {
      long first = stored.nextNonZero(block, blocks);
      if (first > block) {
        zeros(block, first - block);
      }
      int count = (int) Math.min(batch, blocks - first);
      stored.entries(first, count, entries.clear());
      for (int i = 0; i < count; i++) {
        if (isZero(entries, i * length)) {
          zeros(first + i, 1);
        } else {
          entry(first + i, entries, i * length);
        }
      }
      block = first + count;
    }
    finish();
  }

  /**
   * Reads {@code image} and sends its signature.
   *
   * @param keep where to store entries and tree too; null for nowhere. It must be all zeros
   * @return bytes read
   */
  long read(BlockDevice image, @Nullable Signature keep) throws IOException {
    @Nullable TreeUpdate update = keep == null ? null : new TreeUpdate(keep, keep);
    long[] bytesRead = new long[1];
    try (ChunkPipeline<EntryChunk> pipeline =
        EntryChunk.pipeline(
            new BlockSpans(new Scan(image, geometry.size()), geometry),
            BlockReading.ofImage(image, geometry),
            shape)) {
      pipeline.drain(
          (run, chunk) -> {
            if (chunk == null) {
              if (update != null) {
                update.putZeros(run.first(), run.count());
              }
              zeros(run.first(), run.count());
            } else {
              bytesRead[0] += chunk.bytesRead();
              entries(run, chunk, keep, update);
            }
          });
    }
    if (update != null) {
      update.finish();
    }
    finish();
    return bytesRead[0];
  }

  /**
   * Whoever gets a frame may rely on its entries, and the nodes above whole groups before them,
   * being stored.
   */
  private void entries(
      BlockSpans.Run run, EntryChunk chunk, @Nullable Signature keep, @Nullable TreeUpdate update)
      throws IOException {
    if (keep != null) {
      keep.putEntries(run.first(), (int) run.count(), chunk.entries((int) run.count()));
    }
    for (int i = 0; i < run.count(); i++) {
      long block = run.first() + i;
      ByteBuffer entry = chunk.entry(i);
      int at = entry.position();
      if (update != null) {
        update.put(block, entry, at);
      }
      if (isZero(entry, at)) {
        zeros(block, 1);
      } else {
        entry(block, entry, at);
      }
    }
  }

  private boolean isZero(ByteBuffer entry, int at) {
    return Zeros.isZero(entry, at, shape.hash().length());
  }

  private void entry(long block, ByteBuffer entry, int at) throws IOException {
    flushZeros();
    if (!encoder.fits(block)) {
      flushEntries();
    }
    encoder.add(block, entry, at);
  }

  private void zeros(long first, long count) throws IOException {
    flushEntries();
    if (zerosCount == 0) {
      zerosFirst = first;
    }
    zerosCount += count;
  }

  private void flushZeros() throws IOException {
    if (zerosCount > 0) {
      line.send(new ZeroSignature(zerosFirst, zerosCount));
      zerosCount = 0;
    }
  }

  private void flushEntries() throws IOException {
    if (!encoder.isEmpty()) {
      encoder.finish(frame.clear());
      line.send(frame.flip());
      encoder.begin();
    }
  }

  private void finish() throws IOException {
    flushZeros();
    flushEntries();
  }
}
