package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import snapferry.change.BlockSpans;
import snapferry.codec.LittleEndian;
import snapferry.delta.BlockSigner;
import snapferry.delta.SignatureShape;
import snapferry.extent.Geometry;

/** The signature entries of a chunk of a volume, as they are read from it. */
final class EntryChunk {
  private final SignatureShape shape;
  private final ByteBuffer entries;
  private long bytesRead;

  private EntryChunk(SignatureShape shape) {
    this.shape = shape;
    entries = LittleEndian.direct(BlockReading.chunkBlocks(shape.geometry()) * shape.entryLength());
  }

  /** Reads a volume chunk by chunk and makes its entries. */
  static ChunkPipeline<EntryChunk> pipeline(
      BlockSpans spans, BlockReading reading, SignatureShape shape) {
    return new ChunkPipeline<>(
        spans,
        BlockReading.chunkBlocks(shape.geometry()),
        () -> new EntryChunk(shape),
        () -> new Work(shape, reading));
  }

  /** Bytes that were read for it. */
  long bytesRead() {
    return bytesRead;
  }

  /**
   * The entry of the chunk's {@code i}th block, from position to limit of a buffer that all share.
   */
  ByteBuffer entry(int i) {
    int at = i * shape.entryLength();
    return entries.limit(at + shape.entryLength()).position(at);
  }

  /** The entries of the first {@code count} blocks, in a buffer that all share. */
  ByteBuffer entries(int count) {
    return entries.limit(count * shape.entryLength()).position(0);
  }

  private static final class Work implements ChunkPipeline.Work<EntryChunk> {
    private final SignatureShape shape;
    private final Geometry geometry;
    private final BlockReading reading;
    private final BlockSigner signer;
    private final ByteBuffer bytes;
    private final ByteBuffer hashes;

    Work(SignatureShape shape, BlockReading reading) {
      this.shape = shape;
      this.geometry = shape.geometry();
      this.reading = reading;
      this.signer = new BlockSigner(shape);
      this.bytes = reading.buffer();
      this.hashes = LittleEndian.direct(BlockReading.chunkBlocks(geometry) * shape.hash().length());
    }

    @Override
    public void fill(BlockSpans.Run run, EntryChunk chunk) throws IOException {
      int hashLength = shape.hash().length();
      chunk.bytesRead = reading.readAndHash(run, signer, bytes, hashes, hashLength);
      chunk.entries.clear();
      for (int i = 0; i < run.count(); i++) {
        int at = i * shape.entryLength();
        int offset = i * geometry.blockSize().bytes();
        int length = geometry.length(run.first() + i);
        chunk.entries.put(at, hashes, i * hashLength, hashLength);
        signer.pageSums(bytes, offset, length, chunk.entries, at + hashLength);
      }
    }
  }
}
