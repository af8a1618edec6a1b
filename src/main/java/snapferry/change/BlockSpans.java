package snapferry.change;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import snapferry.extent.Geometry;

/**
 * Walks a volume in runs of whole blocks, each block once. A block is read unless the spans that it
 * lies in all say the same of it, and something else.
 */
public final class BlockSpans {
  private final ChangeSource source;
  private final Geometry geometry;
  private long next;

  public BlockSpans(ChangeSource source, Geometry geometry) {
    this.source = source;
    this.geometry = geometry;
  }

  /**
   * A run of blocks of which the change source says the same.
   *
   * @param first its first block
   * @param count its number of blocks, at least 1
   */
  public record Run(long first, long count, Span.Kind kind) {}

  /**
   * The next run, or null after the last block.
   *
   * @param limit most blocks of a run to READ; runs of other kinds are as long as they are
   */
  public @Nullable Run next(int limit) throws IOException {
    if (next == geometry.blocks()) {
      return null;
    }
    long first = next;
    Span span = source.next(geometry.offset(first));
    Span.Kind kind = span.kind();
    long count = kind == Span.Kind.READ ? 0 : wholeBlocks(first, span);
    if (count == 0) {
      kind = Span.Kind.READ;
      count = Math.min(limit, geometry.blockAt(end(span) - 1) + 1 - first);
    }
    next = first + count;
    return new Run(first, count, kind);
  }

  /**
   * How many blocks from {@code first} on are of the kind of {@code span}, with all their bytes.
   */
  private long wholeBlocks(long first, Span span) throws IOException {
    long end = end(span);
    while (end < geometry.size()) {
      Span follower = source.next(end);
      if (follower.kind() != span.kind()) {
        return geometry.blockAt(end) - first;
      }
      end = end(follower);
    }
    return geometry.blocks() - first;
  }

  /** Where a span ends; what lies beyond the volume, which may have grown since, is not ours. */
  private long end(Span span) {
    return Math.min(geometry.size(), span.extent().end());
  }
}
