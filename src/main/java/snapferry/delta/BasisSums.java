package snapferry.delta;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The signature of what the standby holds now, as far as it is known. Safe for use by several
 * threads.
 */
public interface BasisSums {
  /** Everything before this block is known. */
  long known();

  /** Puts the page sums of {@code count} blocks from {@code first} on into {@code into}. */
  void pageSums(long first, int count, ByteBuffer into) throws IOException;

  /**
   * The first block in {@code [from, limit)}, all of it known, whose hash is not zero; or {@code
   * limit}.
   */
  long nextNonZero(long from, long limit) throws IOException;
}
