package snapferry.wire;

import java.nio.ByteBuffer;

/**
 * The operator, who sits at the client, wants both ends to patrol:
 *
 * <pre>
 *  period in seconds u32
 * </pre>
 *
 * @param seconds within which all of a volume is to be read again whatever hints say, 1 to {@link
 *     #MAX_SECONDS}
 */
public record Patrol(int seconds) implements Message {
  /** 366 days. */
  public static final int MAX_SECONDS = 366 * 24 * 60 * 60;

  static final int LENGTH = 4;

  public Patrol {
    if (seconds < 1 || seconds > MAX_SECONDS) {
      throw new IllegalArgumentException("a period of " + Integer.toUnsignedString(seconds) + " s");
    }
  }

  @Override
  public void write(ByteBuffer out) {
    out.putInt(seconds);
  }

  @Override
  public FrameType type() {
    return FrameType.PATROL;
  }
}
