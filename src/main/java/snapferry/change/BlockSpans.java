package snapferry.change;

import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import snapferry.extent.Geometry;

/**
 * Walks a volume in runs of whole blocks, each block once. A block is read unless the spans that it
 * lies in all say the same of it, and something else. What is to be read goes on across short
 * stretches of zeros: to hand over a run costs as much as to fill many blocks with zeros.
 */
public final class BlockSpans {
  private static final BitSet NONE = new BitSet(0);

  private final ChangeSource source;
  private final Geometry geometry;
  private long next;
  private @Nullable Run held;
  private @Nullable IOException failure;

  public BlockSpans(ChangeSource source, Geometry geometry) {
    this.source = source;
    this.geometry = geometry;
  }

  /**
   * A run of blocks of which the change source says the same.
   *
   * @param first its first block
   * @param count its number of blocks, at least 1
   * @param zeros of a run that is read, those of its blocks, counted from {@code first}, that are
   *     zeros and need no reading
   */
  public record Run(long first, long count, Span.Kind kind, BitSet zeros) {
    /** A run of which all blocks are of the same kind. */
    public Run(long first, long count, Span.Kind kind) {
      this(first, count, kind, NONE);
    }
  }

  /**
   * The next run, or null after the last block.
   *
   * @param limit most blocks of a run that is read; runs of other kinds are as long as they are
   */
  public @Nullable Run next(int limit) throws IOException {
    if (failure != null) {
      throw failure;
    }
    Run run = held == null ? uniform(limit) : held;
    held = null;
    if (run == null || run.kind() != Span.Kind.READ) {
      return run;
    }
    BitSet zeros = NONE;
    int count = (int) run.count();
    while (count < limit) {
      Run follower;
      try {
        follower = uniform(limit - count);
      } catch (IOException e) {
        failure = e; // Of what comes next: what is before it is still to be had.
        break;
      }
      if (follower == null || !continues(follower, limit - count)) {
        held = follower;
        break;
      }
      int end = count + (int) follower.count();
      if (follower.kind() == Span.Kind.ZERO) {
        zeros = zeros.isEmpty() ? new BitSet(limit) : zeros;
        zeros.set(count, end);
      }
      count = end;
    }
    return new Run(run.first(), count, Span.Kind.READ, zeros);
  }

  /** Whether a run that is read, with room for {@code most} more blocks, goes on with another. */
  private static boolean continues(Run follower, int most) {
    return switch (follower.kind()) {
      case READ -> true;
      case ZERO -> follower.count() < most;
      default -> false;
    };
  }

  private @Nullable Run uniform(int limit) throws IOException {
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
