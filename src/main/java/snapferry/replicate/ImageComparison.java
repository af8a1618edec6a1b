package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import snapferry.change.BlockSpans;
import snapferry.change.ChangeSource;
import snapferry.change.Span;
import snapferry.codec.LittleEndian;
import snapferry.delta.Signature;
import snapferry.delta.SignatureShape;
import snapferry.device.BlockDevice;
import snapferry.extent.Geometry;

/** One pass over an image, or over a part of it, to see whether it is what its signature says. */
final class ImageComparison {
  private final BlockDevice image;
  private final Signature signature;
  private final SignatureShape shape;
  private final Geometry geometry;
  private final ChangeSource part;
  private final Sink sink;
  private final Monitor monitor;
  private final ByteBuffer stored;
  private long bytesRead;

  /** Hears what differs, in the order of the volume. */
  interface Sink {
    /**
     * These blocks are not what the signature says.
     *
     * @param entry what their entry should be, from its position on, if the image is right; null
     *     for zeros. Not to be kept
     */
    void differ(long first, long count, @Nullable ByteBuffer entry) throws IOException;
  }

  /**
   * @param part says READ of what is to be read, ZERO of holes, and else UNCHANGED
   */
  ImageComparison(
      BlockDevice image, Signature signature, ChangeSource part, Sink sink, Monitor monitor) {
    this.image = image;
    this.signature = signature;
    this.shape = signature.shape();
    this.geometry = shape.geometry();
    this.part = part;
    this.sink = sink;
    this.monitor = monitor;
    this.stored = LittleEndian.direct(shape.entryLength());
  }

  /** Compares. Returns how many bytes were read. */
  long run() throws IOException {
    try (ChunkPipeline<EntryChunk> pipeline =
        EntryChunk.pipeline(
            new BlockSpans(part, geometry), BlockReading.ofImage(image, geometry), shape)) {
      pipeline.drain(this::compare);
    }
    return bytesRead;
  }

  private void compare(BlockSpans.Run run, @Nullable EntryChunk chunk) throws IOException {
    if (run.kind() == Span.Kind.ZERO) {
      ZeroRuns.nonZero(
          signature::nextNonZero,
          run.first(),
          run.count(),
          (first, count) -> sink.differ(first, count, null));
    } else if (chunk != null) {
      bytesRead += chunk.bytesRead();
      for (int i = 0; i < run.count(); i++) {
        signature.entry(run.first() + i, stored.clear());
        if (!stored.flip().equals(chunk.entry(i))) {
          sink.differ(run.first() + i, 1, chunk.entry(i));
        }
      }
    }
    monitor.progress(geometry.extent(run.first(), run.count()).end(), geometry.size());
  }
}
