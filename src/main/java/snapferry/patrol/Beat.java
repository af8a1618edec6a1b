package snapferry.patrol;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import snapferry.extent.Geometry;

/**
 * How far a patrol has come on its way round and round a volume. A value; {@link BeatFile} makes it
 * durable.
 *
 * <pre>
 *  parts   | 0     | 1     | 2     | 3     |   of equal size; of each, when its present pass began
 *  pass n          ·······▶| cursor
 *  pass n-1                |···············▶
 * </pre>
 *
 * <p>What counts as time is {@code count}: milliseconds that went by between slices, added up. It
 * never goes back, and one slice adds at most one period, however far a clock jumps. So a clock
 * that is set makes one slice larger or smaller, at most all of the volume and at least a block;
 * where a slice begins depends on no clock.
 *
 * @param geometry of the volume
 * @param cursor the block that is next
 * @param count milliseconds that the patrol took note of so far
 * @param entered the count when the part of the cursor was entered
 * @param seen when the last slice was cut
 * @param verified of each of {@link #parts} parts, the count when the pass of it began that is
 *     over; {@link #NEVER} if none is
 */
public record Beat(
    Geometry geometry, long cursor, long count, long entered, Moment seen, List<Long> verified) {
  /** Of how many parts is known when they were verified, unless there are fewer blocks. */
  public static final int MAX_PARTS = 64;

  /** What is not verified yet. */
  public static final long NEVER = -1;

  /** 10,000 years, in milliseconds: no count is larger. */
  static final long MAX_COUNT = Duration.ofDays(3_650_000).toMillis();

  public Beat {
    if (cursor < 0 || cursor >= geometry.blocks()) {
      throw new IllegalArgumentException("cursor " + cursor + " of " + geometry.blocks());
    }
    if (count < 0 || count > MAX_COUNT || entered < 0 || entered > count) {
      throw new IllegalArgumentException("count " + count + ", entered at " + entered);
    }
    verified = List.copyOf(verified);
    if (verified.size() != parts(geometry)) {
      throw new IllegalArgumentException(verified.size() + " parts");
    }
    for (long each : verified) {
      if (each < NEVER || each > count) {
        throw new IllegalArgumentException("a part verified at " + each);
      }
    }
  }

  /** A patrol that begins. */
  public static Beat begin(Geometry geometry, Moment now) {
    return new Beat(geometry, 0, 0, 0, now, Collections.nCopies(parts(geometry), NEVER));
  }

  /** Into how many parts a volume falls. */
  static int parts(Geometry geometry) {
    return (int) Math.min(MAX_PARTS, geometry.blocks());
  }

  /** The same when it is {@code now}: the count has gone on, by a period at most. */
  public Beat at(Moment now, Duration period) {
    long passed = Math.max(0, Math.min(now.since(seen), period.toMillis()));
    return new Beat(geometry, cursor, Math.min(MAX_COUNT, count + passed), entered, now, verified);
  }

  /**
   * The slice that is due at {@code now}, with this beat as it was after the last one: as much of
   * the volume as of the period has passed since, rounded up, and never nothing.
   */
  public Slice due(Moment now, Duration period) {
    long passed = at(now, period).count - count;
    BigInteger blocks =
        BigInteger.valueOf(geometry.blocks())
            .multiply(BigInteger.valueOf(passed))
            .add(BigInteger.valueOf(period.toMillis() - 1))
            .divide(BigInteger.valueOf(period.toMillis()));
    return new Slice(geometry, cursor, Math.max(1, blocks.longValueExact()));
  }

  /** After all of {@code slice}, which begins at the cursor, was verified. */
  public Beat after(Slice slice) {
    if (slice.first() != cursor) {
      throw new IllegalArgumentException("a slice from " + slice.first() + ", not " + cursor);
    }
    if (slice.count() == geometry.blocks()) {
      return afterAll();
    }
    List<Long> next = new ArrayList<>(verified);
    long block = cursor;
    long since = block == firstOf(part(block)) ? count : entered;
    long left = slice.count();
    while (left > 0) {
      int part = part(block);
      long inPart = Math.min(left, firstOf(part + 1) - block);
      block += inPart;
      left -= inPart;
      if (block == firstOf(part + 1)) {
        next.set(part, since);
        since = count;
        block %= geometry.blocks();
      }
    }
    return new Beat(geometry, block, count, since, seen, next);
  }

  /** After all of the volume was verified, for another reason. */
  public Beat afterAll() {
    return new Beat(
        geometry, cursor, count, count, seen, Collections.nCopies(verified.size(), count));
  }

  private int part(long block) {
    int part = (int) Math.min(verified.size() - 1, block / (geometry.blocks() / verified.size()));
    while (firstOf(part) > block) {
      part--;
    }
    return part;
  }

  private long firstOf(int part) {
    long each = geometry.blocks() / verified.size();
    long more = geometry.blocks() % verified.size();
    return part * each + Math.min(part, more);
  }

  /** How many percent of the volume were verified within {@code period}, rounded down. */
  public int coverage(Duration period) {
    long fresh = 0;
    for (int part = 0; part < verified.size(); part++) {
      long at = verified.get(part);
      if (at != NEVER && count - at <= period.toMillis()) {
        fresh += firstOf(part + 1) - firstOf(part);
      }
    }
    return (int) (fresh / (double) geometry.blocks() * 100);
  }

  /** How long ago the part was verified that waits the longest, or the patrol began. */
  public Duration age() {
    long oldest = count;
    for (long each : verified) {
      oldest = Math.min(oldest, Math.max(0, each));
    }
    return Duration.ofMillis(count - oldest);
  }
}
