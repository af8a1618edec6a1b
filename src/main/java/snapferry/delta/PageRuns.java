package snapferry.delta;

import java.nio.ByteBuffer;
import java.util.Arrays;
import snapferry.codec.FormatException;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * What becomes of each page of a block, as runs, one byte a run:
 *
 * <pre>
 *   7   6 5           0
 *  +-----+-------------+
 *  | op  |  pages - 1  |  for Copy followed by: offset in the basis u64
 *  +-----+-------------+
 * </pre>
 *
 * <p>In memory the same is one op per page in a {@code byte[]} and, for Copy, one offset per page
 * in a {@code long[]}, which the caller reuses. Journals hold no copies.
 */
public final class PageRuns {
  /** The page stays as the basis has it. */
  public static final byte SAME = 0;

  /** The page becomes zero. */
  public static final byte ZERO = 1;

  /** The page's bytes follow. */
  public static final byte LITERAL = 2;

  /** The page's bytes are in the basis, at any offset. */
  public static final byte COPY = 3;

  private static final int MAX_RUN = 64;

  /** Sources of a block without a COPY; to decode with them is to refuse every COPY. */
  public static final long[] NO_COPIES = {};

  private PageRuns() {}

  /** Bytes that the runs of a block of so many pages take at most. */
  public static int maxLength(int pages) {
    return pages * (1 + Long.BYTES);
  }

  /**
   * Appends the runs of {@code ops[0, pages)} to {@code out}, which is little-endian.
   *
   * @param sources where in the basis each page is whose op is COPY
   */
  public static void encode(byte[] ops, long[] sources, int pages, ByteBuffer out) {
    int page = 0;
    while (page < pages) {
      int end = page + 1;
      while (end < pages && end - page < MAX_RUN && continues(ops, sources, end)) {
        end++;
      }
      out.put((byte) (ops[page] << 6 | (end - page - 1)));
      if (ops[page] == COPY) {
        out.putLong(sources[page]);
      }
      page = end;
    }
  }

  private static boolean continues(byte[] ops, long[] sources, int page) {
    return ops[page] == ops[page - 1]
        && (ops[page] != COPY || sources[page] == sources[page - 1] + BlockSize.PAGE);
  }

  /**
   * Reads the runs of one block into {@code ops[0, pages)}, and where its copies are from into
   * {@code sources}.
   *
   * @param in little-endian
   * @param sources {@link #NO_COPIES} when there must be none
   * @throws FormatException if the runs do not cover the pages exactly, are not the shortest there
   *     are, change nothing, or copy from beyond what any volume has
   */
  public static void decode(ByteBuffer in, byte[] ops, long[] sources, int pages)
      throws FormatException {
    int page = 0;
    boolean changes = false;
    boolean full = true;
    while (page < pages) {
      if (!in.hasRemaining()) {
        throw new FormatException("page runs end after " + page + " of " + pages + " pages");
      }
      int run = in.get() & 0xff;
      byte op = (byte) (run >> 6);
      int count = (run & 0x3f) + 1;
      if (count > pages - page) {
        throw new FormatException(
            "page run of " + count + " with " + (pages - page) + " pages left");
      }
      Arrays.fill(ops, page, page + count, op);
      if (op == COPY) {
        copy(in, sources, page, count);
      }
      if (!full && continues(ops, sources, page)) {
        throw new FormatException("two neighbouring page runs that should be one");
      }
      changes |= op != SAME;
      full = count == MAX_RUN;
      page += count;
    }
    if (!changes) {
      throw new FormatException("page runs that change nothing");
    }
  }

  private static void copy(ByteBuffer in, long[] sources, int page, int count)
      throws FormatException {
    if (sources.length == 0) {
      throw new FormatException("page run with op Copy where nothing may be copied");
    }
    if (in.remaining() < Long.BYTES) {
      throw new FormatException("page runs end within the source of a Copy");
    }
    long source = in.getLong();
    if (source < 0 || source > Geometry.MAX_SIZE) {
      throw new FormatException("Copy from offset " + Long.toUnsignedString(source));
    }
    for (int i = 0; i < count; i++) {
      sources[page + i] = source + (long) i * BlockSize.PAGE;
    }
  }
}
