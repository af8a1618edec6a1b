package snapferry.wire;

import java.nio.ByteBuffer;

/**
 * What one end tells the other in one frame. Each kind is a record that holds only what the
 * protocol allows: its constructor throws IllegalArgumentException for anything else.
 */
public sealed interface Message
    permits Hello,
        State,
        Plan,
        SignatureFrame,
        ZeroSignature,
        DeltaFrame,
        Zero,
        End,
        Resend,
        Ack,
        Heartbeat,
        Ask,
        Nodes,
        Patrol,
        Patrolled,
        ErrorMessage,
        Note {
  /** The kind of frame that carries it. */
  FrameType type();

  /** Appends the payload to a little-endian buffer. */
  void write(ByteBuffer out);
}
