package snapferry.wire;

import java.nio.ByteBuffer;
import snapferry.codec.FormatException;

/**
 * What one end's patrol did, and how far it is with this run:
 *
 * <pre>
 *  bytes u64 | blocks found u64 | age in seconds u32 | coverage u8 | zero (3)
 * </pre>
 *
 * @param bytes read only because of the patrol
 * @param found blocks that were not what they should have been, and are now
 * @param ageSeconds how long ago the part that waited longest was verified, or the patrol began
 * @param coverage how much of the volume was verified within the period, in percent
 */
public record Patrolled(long bytes, long found, int ageSeconds, int coverage) implements Message {
  static final int LENGTH = 24;

  private static final int ALL = 100;

  public Patrolled {
    Fields.requireCount("patrolled bytes", bytes);
    Fields.requireCount("blocks found", found);
    if (ageSeconds < 0) {
      throw new IllegalArgumentException("age " + Integer.toUnsignedString(ageSeconds));
    }
    if (coverage < 0 || coverage > ALL) {
      throw new IllegalArgumentException("coverage of " + coverage + " percent");
    }
  }

  static Patrolled read(ByteBuffer in) throws FormatException {
    Patrolled patrolled = new Patrolled(in.getLong(), in.getLong(), in.getInt(), Fields.u8(in));
    Fields.zeros(in, 3);
    return patrolled;
  }

  /** Both ends together: what they did, and how far the one is that is behind. */
  public Patrolled and(Patrolled other) {
    return new Patrolled(
        saturated(bytes, other.bytes),
        saturated(found, other.found),
        Math.max(ageSeconds, other.ageSeconds),
        Math.min(coverage, other.coverage));
  }

  /** A sum of two counts, of which the other end may have made up one. */
  private static long saturated(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  @Override
  public void write(ByteBuffer out) {
    out.putLong(bytes).putLong(found).putInt(ageSeconds).put((byte) coverage).put(new byte[3]);
  }

  @Override
  public FrameType type() {
    return FrameType.PATROLLED;
  }
}
