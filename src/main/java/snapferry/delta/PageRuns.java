package snapferry.delta;

import java.nio.ByteBuffer;
import java.util.Arrays;
import snapferry.codec.FormatException;

/**
 * What becomes of each page of a block, as runs, one byte a run:
 *
 * <pre>
 *   7   6 5           0
 *  +-----+-------------+
 *  | op  |  pages - 1  |
 *  +-----+-------------+
 * </pre>
 *
 * <p>In memory the same is one op per page in a {@code byte[]}, which the caller reuses.
 */
public final class PageRuns {
  /** The page stays as the basis has it. */
  public static final byte SAME = 0;

  /** The page becomes zero. */
  public static final byte ZERO = 1;

  /** The page's bytes follow. */
  public static final byte LITERAL = 2;

  /** The page is elsewhere in the basis. Reserved: version 1 neither writes nor accepts it. */
  public static final byte COPY = 3;

  private static final int MAX_RUN = 64;

  private PageRuns() {}

  /** Appends the runs of {@code ops[0, pages)} to {@code out}: at most one byte a page. */
  public static void encode(byte[] ops, int pages, ByteBuffer out) {
    int page = 0;
    while (page < pages) {
      int end = page + 1;
      while (end < pages && ops[end] == ops[page] && end - page < MAX_RUN) {
        end++;
      }
      out.put((byte) (ops[page] << 6 | (end - page - 1)));
      page = end;
    }
  }

  /**
   * Reads the runs of one block into {@code ops[0, pages)}.
   *
   * @throws FormatException if the runs do not cover the pages exactly, are not the shortest there
   *     are, change nothing, or hold a COPY
   */
  public static void decode(ByteBuffer in, byte[] ops, int pages) throws FormatException {
    int page = 0;
    boolean changes = false;
    byte last = -1;
    while (page < pages) {
      if (!in.hasRemaining()) {
        throw new FormatException("page runs end after " + page + " of " + pages + " pages");
      }
      int run = in.get() & 0xff;
      byte op = (byte) (run >> 6);
      int count = (run & 0x3f) + 1;
      if (op == COPY) {
        throw new FormatException("page run with op Copy, which version 1 does not have");
      }
      if (op == last) {
        throw new FormatException("two neighbouring page runs that should be one");
      }
      if (count > pages - page) {
        throw new FormatException(
            "page run of " + count + " with " + (pages - page) + " pages left");
      }
      Arrays.fill(ops, page, page + count, op);
      changes |= op != SAME;
      last = count == MAX_RUN ? -1 : op;
      page += count;
    }
    if (!changes) {
      throw new FormatException("page runs that change nothing");
    }
  }
}
