package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import snapferry.change.BlockSpans;
import snapferry.codec.LittleEndian;
import snapferry.delta.BlockSigner;
import snapferry.delta.Zeros;
import snapferry.device.BlockDevice;
import snapferry.extent.Extent;
import snapferry.extent.Geometry;

/** Reads runs of blocks and hashes them while they are in the cache. */
final class BlockReading {
  /** How much a worker reads, in bytes, before it looks at the next piece of the volume. */
  static final int CHUNK = 2 << 20;

  /** Read and hashed in pieces that fit a core's second-level cache. */
  private static final int PIECE = 256 << 10;

  private final BlockDevice device;
  private final Geometry geometry;
  private final long capacity;

  private BlockReading(BlockDevice device, Geometry geometry, long capacity) {
    this.device = device;
    this.geometry = geometry;
    this.capacity = capacity;
  }

  /** Reads a source, which must have all of its bytes: what ends too early is an error. */
  static BlockReading ofSource(BlockDevice volume, Geometry geometry) {
    return new BlockReading(volume, geometry, geometry.size());
  }

  /** Reads an image, which may be about to grow: beyond its end there are zeros. */
  static BlockReading ofImage(BlockDevice image, Geometry geometry) throws IOException {
    return new BlockReading(image, geometry, image.size());
  }

  /** Blocks in a chunk: no more than the volume has, so that a small one takes small buffers. */
  static int chunkBlocks(Geometry geometry) {
    return (int) Math.min(CHUNK / geometry.blockSize().bytes(), geometry.blocks());
  }

  /**
   * Room for a chunk. A worker has one of its own, so that what it reads next meets memory that its
   * core's cache still has.
   */
  ByteBuffer buffer() {
    return LittleEndian.direct(chunkBlocks(geometry) * geometry.blockSize().bytes());
  }

  /**
   * Reads the blocks of {@code run} into {@code bytes[0...]} and puts their hashes into {@code
   * hashes[0...]}.
   *
   * @return bytes that were read
   */
  long readAndHash(
      BlockSpans.Run run, BlockSigner signer, ByteBuffer bytes, ByteBuffer hashes, int hashLength)
      throws IOException {
    int blockSize = geometry.blockSize().bytes();
    int pieceBlocks = Math.max(1, PIECE / blockSize);
    long read = 0;
    for (int done = 0; done < run.count(); done += pieceBlocks) {
      int end = (int) Math.min(done + pieceBlocks, run.count());
      read += readPiece(run, done, end, bytes);
      for (int i = done; i < end; i++) {
        signer.hash(bytes, i * blockSize, geometry.length(run.first() + i), hashes, i * hashLength);
      }
      bytes.clear();
    }
    return read;
  }

  /** The run's blocks from {@code from} to {@code end}, without reading those that are zeros. */
  private long readPiece(BlockSpans.Run run, int from, int end, ByteBuffer bytes)
      throws IOException {
    long read = 0;
    int next;
    for (int i = from; i < end; i = next) {
      boolean zeros = run.zeros().get(i);
      int border = zeros ? run.zeros().nextClearBit(i) : run.zeros().nextSetBit(i);
      next = border < 0 ? end : Math.min(border, end);
      Extent extent = geometry.extent(run.first() + i, next - i);
      int at = i * geometry.blockSize().bytes();
      bytes.limit(at + (int) extent.length()).position(at);
      if (zeros) {
        Zeros.fill(bytes);
      } else {
        read(extent.offset(), bytes);
        read += extent.length();
      }
    }
    return read;
  }

  /** Reads one block into {@code bytes[0...]}. */
  void readBlock(long block, ByteBuffer bytes) throws IOException {
    read(geometry.offset(block), bytes.clear().limit(geometry.length(block)));
    bytes.clear();
  }

  /** Fills what is left of {@code into} with the bytes from {@code offset} on. */
  void read(long offset, ByteBuffer into) throws IOException {
    int end = into.limit();
    long there = Math.max(0, Math.min(into.remaining(), capacity - offset));
    if (there > 0) {
      device.read(offset, into.limit(into.position() + (int) there));
      into.limit(end);
    }
    Zeros.fill(into);
  }
}
