package snapferry.track;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A bit for each region of a volume, which only ever become set. A bit that is seen set was set
 * before whatever follows: what its setter did before is seen too. No allocation but the first.
 */
final class RegionBits {
  private final AtomicLongArray words;

  RegionBits(long regions) {
    this.words = new AtomicLongArray(Math.toIntExact((regions + Long.SIZE - 1) / Long.SIZE));
  }

  boolean get(long region) {
    return (words.getAcquire(word(region)) & 1L << region) != 0;
  }

  /** Whether all of {@code [first, last]} are set. */
  boolean all(long first, long last) {
    for (int word = word(first); word <= word(last); word++) {
      long mask = mask(word, first, last);
      if ((words.getAcquire(word) & mask) != mask) {
        return false;
      }
    }
    return true;
  }

  /** Sets all of {@code [first, last]}. */
  void set(long first, long last) {
    for (int word = word(first); word <= word(last); word++) {
      long mask = mask(word, first, last);
      long before = words.get(word);
      while (!words.weakCompareAndSetVolatile(word, before, before | mask)) {
        before = words.get(word);
      }
    }
  }

  /** The first set bit of {@code [first, end)}, or {@code end}. */
  long nextSet(long first, long end) {
    for (long at = first; at < end; at = (at / Long.SIZE + 1) * Long.SIZE) {
      long ahead = words.getAcquire(word(at)) >>> at;
      if (ahead != 0) {
        return Math.min(end, at + Long.numberOfTrailingZeros(ahead));
      }
    }
    return end;
  }

  long count() {
    long count = 0;
    for (int word = 0; word < words.length(); word++) {
      count += Long.bitCount(words.getAcquire(word));
    }
    return count;
  }

  private static int word(long region) {
    return (int) (region / Long.SIZE);
  }

  /** The bits of {@code [first, last]} that lie in this word. */
  private static long mask(int word, long first, long last) {
    long low = word == word(first) ? -1L << first : -1L;
    long high = word == word(last) ? -1L >>> (Long.SIZE - 1 - last % Long.SIZE) : -1L;
    return low & high;
  }
}
