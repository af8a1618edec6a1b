package snapferry.wire;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import snapferry.codec.Crc32c;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;

/** Messages as frames and back. */
public final class Frames {
  private Frames() {}

  /**
   * Appends {@code message} to {@code out} as a complete frame.
   *
   * @return bytes of the frame, at most {@link FrameType#maxFrame}
   * @throws BufferOverflowException if {@code out} has not enough room
   */
  public static int encode(Message message, ByteBuffer out) {
    int start = out.position();
    ByteBuffer frame = LittleEndian.duplicate(out);
    if (frame.remaining() < FrameHeader.LENGTH) {
      throw new BufferOverflowException();
    }
    frame.position(start + FrameHeader.LENGTH);
    message.write(frame);
    FrameHeader.seal(message.type(), frame, start, new Crc32c());
    out.position(frame.position());
    return frame.position() - start;
  }

  /**
   * Reads the payload of a frame, from the position of {@code payload} to its limit; both stay as
   * they are.
   *
   * @throws FormatException if an encoder never writes such a payload
   */
  public static Message decode(FrameType type, ByteBuffer payload) throws FormatException {
    type.requireLength(payload.remaining());
    ByteBuffer in = LittleEndian.duplicate(payload);
    try {
      Message message = read(type, in);
      if (in.hasRemaining()) {
        throw new FormatException(type + " frame with " + in.remaining() + " bytes left over");
      }
      return message;
    } catch (IllegalArgumentException e) {
      // What a value may be is written down once, in the constructor of its record.
      throw new FormatException(type + " frame: " + e.getMessage());
    }
  }

  private static Message read(FrameType type, ByteBuffer in) throws FormatException {
    return switch (type) {
      case HELLO -> Hello.read(in);
      case STATE -> State.read(in);
      case PLAN -> Plan.read(in);
      case SIGNATURE -> new SignatureFrame(Fields.rest(in));
      case ZERO_SIGNATURE -> new ZeroSignature(in.getLong(), in.getLong());
      case DELTA -> new DeltaFrame(Fields.rest(in));
      case ZERO -> new Zero(in.getLong(), in.getLong());
      case END -> End.read(in);
      case RESEND -> Resend.read(in);
      case ACK -> Ack.read(in);
      case HEARTBEAT -> new Heartbeat();
      case ERROR -> ErrorMessage.read(in);
      case NOTE -> Note.read(in);
      case ASK -> Ask.read(in);
      case NODES -> Nodes.read(in);
      case PATROL -> new Patrol(in.getInt());
      case PATROLLED -> Patrolled.read(in);
    };
  }
}
