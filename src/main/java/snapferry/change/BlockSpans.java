package snapferry.change;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import snapferry.extent.Extent;
import snapferry.extent.Geometry;

/**
 * Walks a volume in runs of whole blocks. A block that lies in several spans is read, unless they
 * all say the same.
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
    Extent extent = span.extent();
    Span.Kind kind = span.kind();
    long whole =
        extent.end() >= geometry.size() ? geometry.blocks() : geometry.blockAt(extent.end());
    long count = whole - first;
    if (kind == Span.Kind.READ || count == 0) {
      kind = Span.Kind.READ;
      count = Math.min(limit, geometry.blockAt(extent.end() - 1) + 1 - first);
    }
    next = first + count;
    return new Run(first, count, kind);
  }
}
