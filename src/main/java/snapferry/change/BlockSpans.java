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
   * @param limit most blocks of a run that is read; runs of other kinds are as long as they are
   */
  public @Nullable Run next(int limit) throws IOException {
    if (next == geometry.blocks()) {
      return null;
    }
    long first = next;
    Span span = source.next(geometry.offset(first));
    Span.Kind kind = span.kind();
    long most = kind.isRead() ? Math.min(limit, geometry.blocks() - first) : geometry.blocks();
    long count = kind == Span.Kind.READ ? 0 : Math.min(most, wholeBlocks(first, span, most));
    if (count == 0) {
      kind = Span.Kind.READ;
      count = Math.min(limit, geometry.blockAt(end(span) - 1) + 1 - first);
    }
    next = first + count;
    return new Run(first, count, kind);
  }

  /**
   * How many blocks from {@code first} on are of the kind of {@code span}, with all their bytes;
   * once they are {@code most}, it does not matter how many more.
   */
  private long wholeBlocks(long first, Span span, long most) throws IOException {
    long end = end(span);
    while (end < geometry.size() && geometry.blockAt(end) - first < most) {
      Span follower = source.next(end);
      if (follower.kind() != span.kind()) {
        return geometry.blockAt(end) - first;
      }
      end = end(follower);
    }
    return (end < geometry.size() ? geometry.blockAt(end) : geometry.blocks()) - first;
  }

  /** Where a span ends; what lies beyond the volume, which may have grown since, is not ours. */
  private long end(Span span) {
    return Math.min(geometry.size(), span.extent().end());
  }
}
