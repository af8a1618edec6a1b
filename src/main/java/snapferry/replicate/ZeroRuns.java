package snapferry.replicate;

import java.io.IOException;

/** Finds the blocks that stop being something when a part of the volume becomes zeros. */
final class ZeroRuns {
  private ZeroRuns() {}

  /** Looks up the first block in {@code [from, limit)} that is not zero, or {@code limit}. */
  interface Lookup {
    long nextNonZero(long from, long limit) throws IOException;
  }

  /** Takes runs of blocks. */
  interface Sink {
    void accept(long first, long count) throws IOException;
  }

  /**
   * Tells {@code sink} the longest runs of blocks in {@code [first, first + count)} that are not
   * zero.
   */
  static void nonZero(Lookup lookup, long first, long count, Sink sink) throws IOException {
    long end = first + count;
    long from = lookup.nextNonZero(first, end);
    while (from < end) {
      long to = from + 1;
      long next = lookup.nextNonZero(to, end);
      while (next == to && to < end) {
        to++;
        next = lookup.nextNonZero(to, end);
      }
      sink.accept(from, to - from);
      from = next;
    }
  }
}
