package snapferry.delta;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import snapferry.codec.LittleEndian;

/**
 * Where pages with a given weak sum are: a hash table outside the heap that forgets rather than
 * grow. A bucket is a cache line of eight entries; the upper bits of the mixed sum choose it, and
 * its lower bits tell its entries apart:
 *
 * <pre>
 *  63        40 39             0
 * +------------+----------------+
 * |    tag     |  page + 1      |    0: free
 * +------------+----------------+
 * </pre>
 *
 * <p>When not all pages fit, it takes those whose mixed sum ends in {@link #sampling} zeros: chosen
 * by content, the same page is taken or left wherever it is, so that what is long enough is found
 * by one of its pages. Of pages with the same sum it takes {@link #ALIKE} and leaves the rest, and
 * what does not fit into its bucket is left too: so a look-up costs one bucket, whatever the
 * content.
 *
 * <p>One thread adds while others look up: they see an entry or do not. What they get is a
 * candidate, to be proven by the strong sum.
 */
final class PageIndex {
  /** The most pages with the same weak sum that are kept. */
  static final int ALIKE = 2;

  /** The most pages that {@link #find} gives. */
  static final int MAX_FOUND = 8;

  private static final int BUCKET_BYTES = MAX_FOUND * Long.BYTES;

  /** With so many in a bucket on average, one or two in a hundred do not fit. */
  private static final int PAGES_PER_BUCKET = 5;

  private static final int PAGE_BITS = 40;
  private static final long PAGE_MASK = (1L << PAGE_BITS) - 1;
  private static final int SEGMENT_BITS = 26;
  private static final int SEGMENT_MASK = (1 << SEGMENT_BITS) - 1;
  private static final long MIN_BYTES = 1 << 16;

  /**
   * Bits of the filter per page, and the most it has: 4 MiB, which is the one part on the heap.
   * Most sums are not there, and learn it from a cache near the core.
   */
  private static final int FILTER_BITS_PER_PAGE = 8;

  private static final int MIN_FILTER_BITS = 16;
  private static final int MAX_FILTER_BITS = 25;

  private final ByteBuffer[] segments;
  private final long buckets;
  private final int sampling;
  private final long[] filter;
  private final int filterShift;

  private PageIndex(ByteBuffer[] segments, long buckets, int sampling) {
    this.segments = segments;
    this.buckets = buckets;
    this.sampling = sampling;
    long wanted = buckets * PAGES_PER_BUCKET * FILTER_BITS_PER_PAGE;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(wanted - 1);
    bits = Math.max(MIN_FILTER_BITS, Math.min(MAX_FILTER_BITS, bits));
    this.filter = new long[1 << (bits - 6)];
    this.filterShift = Integer.SIZE - bits;
  }

  /**
   * An empty index.
   *
   * @param pages how many may be added
   * @param memory most bytes to take; when the JVM has less to give outside its heap, so does this
   */
  static PageIndex create(long pages, long memory) {
    long buckets = pages / PAGES_PER_BUCKET + 1;
    int sampling = 0;
    long most = Math.max(memory, MIN_BYTES);
    while (true) {
      while (buckets * BUCKET_BYTES > most) {
        buckets = (buckets + 1) / 2;
        sampling++;
      }
      List<ByteBuffer> segments = new ArrayList<>();
      if (allocate(buckets * BUCKET_BYTES, segments)) {
        return new PageIndex(segments.toArray(ByteBuffer[]::new), buckets, sampling);
      }
      // Others need some of what there is, too.
      long there = Math.max(1L, segments.size()) << SEGMENT_BITS;
      most = Math.min(there, buckets * BUCKET_BYTES) / 2;
    }
  }

  /** Whether the JVM has so much outside its heap; what there is of it is then in segments. */
  private static boolean allocate(long bytes, List<ByteBuffer> segments) {
    try {
      for (long left = bytes; left > 0; left -= 1 << SEGMENT_BITS) {
        int length = (int) Math.min(left, 1 << SEGMENT_BITS);
        segments.add(LittleEndian.direct(length));
      }
      return true;
    } catch (OutOfMemoryError e) {
      if (bytes < MIN_BYTES) {
        throw e;
      }
      return false;
    }
  }

  /** Of the mixed sums, only those are taken that end in so many zeros. */
  int sampling() {
    return sampling;
  }

  /** Takes a page, if it is one to take and there is room. */
  void add(long page, int weak) {
    int mixed = mix(weak);
    if (!isSampled(mixed) || page >= PAGE_MASK) {
      return;
    }
    int bit = mixed >>> filterShift;
    filter[bit >>> 6] |= 1L << bit;
    long bucket = bucket(mixed);
    ByteBuffer segment = segments[(int) (bucket >>> SEGMENT_BITS)];
    int at = (int) (bucket & SEGMENT_MASK);
    long tag = (long) mixed << PAGE_BITS;
    int alike = 0;
    for (int end = at + BUCKET_BYTES; at < end; at += Long.BYTES) {
      long entry = segment.getLong(at);
      if (entry == 0) {
        segment.putLong(at, tag | (page + 1));
        return;
      }
      if ((entry & ~PAGE_MASK) == tag && ++alike == ALIKE) {
        return;
      }
    }
  }

  /**
   * Puts pages that may have this weak sum into {@code found}.
   *
   * @param found room for {@link #MAX_FOUND}
   * @return how many
   */
  int find(int weak, long[] found) {
    int mixed = mix(weak);
    int bit = mixed >>> filterShift;
    if ((filter[bit >>> 6] & 1L << bit) == 0 || !isSampled(mixed)) {
      return 0;
    }
    return lookUp(mixed, found);
  }

  private int lookUp(int mixed, long[] found) {
    long bucket = bucket(mixed);
    ByteBuffer segment = segments[(int) (bucket >>> SEGMENT_BITS)];
    int at = (int) (bucket & SEGMENT_MASK);
    long tag = (long) mixed << PAGE_BITS;
    int count = 0;
    for (int end = at + BUCKET_BYTES; at < end; at += Long.BYTES) {
      long entry = segment.getLong(at);
      if (entry == 0) {
        break;
      }
      if ((entry & ~PAGE_MASK) == tag) {
        found[count++] = (entry & PAGE_MASK) - 1;
      }
    }
    return count;
  }

  private boolean isSampled(int mixed) {
    return (mixed & ((1L << sampling) - 1)) == 0;
  }

  /** Where the bucket of a mixed sum starts, in bytes. */
  private long bucket(int mixed) {
    return ((Integer.toUnsignedLong(mixed) * buckets) >>> Integer.SIZE) * BUCKET_BYTES;
  }

  /** Adler-32 varies little in its upper bits; this spreads it, and is one to one. */
  private static int mix(int weak) {
    int mixed = weak * 0x9E3779B1;
    mixed = (mixed ^ (mixed >>> 15)) * 0x85EBCA77;
    return mixed ^ (mixed >>> 13);
  }
}
