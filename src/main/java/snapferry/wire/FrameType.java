package snapferry.wire;

import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;

/**
 * The kinds of frames: their numbers, how long their payload may be, and which end may send them.
 */
public enum FrameType {
  HELLO(1, Hello.FIXED, 512, null),
  STATE(2, State.LENGTH, State.LENGTH, Role.RECEIVER),
  PLAN(3, Plan.FIXED + 2, 512, Role.SENDER),
  SIGNATURE(4, SignatureFrame.FIXED, 256 << 10, Role.RECEIVER),
  ZERO_SIGNATURE(5, 16, 16, Role.RECEIVER),
  DELTA(6, DeltaFrame.FIXED, 1280 << 10, Role.SENDER),
  ZERO(7, 16, 16, Role.SENDER),
  END(8, End.LENGTH, End.LENGTH, Role.SENDER),
  RESEND(9, Long.BYTES, Resend.MAX_BLOCKS * Long.BYTES, Role.RECEIVER),
  ACK(10, Ack.LENGTH, Ack.LENGTH, Role.RECEIVER),
  HEARTBEAT(11, 0, 0, null),
  ERROR(12, 1, 1 + ErrorMessage.MAX_TEXT, null),
  NOTE(13, 0, Note.MAX_TEXT, null),
  ASK(14, Ask.FIXED + Long.BYTES, Ask.FIXED + Ask.MAX_INDICES * Long.BYTES, Role.SENDER),
  NODES(15, 1, Nodes.MAX, Role.RECEIVER),
  PATROL(16, Patrol.LENGTH, Patrol.LENGTH, null),
  PATROLLED(17, Patrolled.LENGTH, Patrolled.LENGTH, null);

  private static final FrameType[] ALL = values();

  private final int code;
  private final int minPayload;
  private final int maxPayload;
  private final @Nullable Role sender;

  FrameType(int code, int minPayload, int maxPayload, @Nullable Role sender) {
    this.code = code;
    this.minPayload = minPayload;
    this.maxPayload = maxPayload;
    this.sender = sender;
  }

  /**
   * The type with this number.
   *
   * @throws FormatException if there is none
   */
  static FrameType of(int code) throws FormatException {
    for (FrameType type : ALL) {
      if (type.code == code) {
        return type;
      }
    }
    throw new FormatException("frame of unknown type " + code);
  }

  int code() {
    return code;
  }

  /** The most bytes that a payload of this type has. */
  public int maxPayload() {
    return maxPayload;
  }

  /** The most bytes that a frame of this type has. */
  public int maxFrame() {
    return FrameHeader.LENGTH + maxPayload;
  }

  /** Whether an end with this role may send such a frame. */
  public boolean sentBy(Role role) {
    return sender == null || sender == role;
  }

  /**
   * Refuses a payload length, in bytes, that no frame of this type has.
   *
   * @throws FormatException if {@code length} is out of bounds
   */
  void requireLength(long length) throws FormatException {
    if (length < minPayload || length > maxPayload) {
      throw new FormatException(
          this + " frame of " + length + " bytes, not " + minPayload + " to " + maxPayload);
    }
  }
}
