package snapferry.wire;

import java.nio.ByteBuffer;

/** The other end is alive. The payload is empty. */
public record Heartbeat() implements Message {
  @Override
  public void write(ByteBuffer out) {}

  @Override
  public FrameType type() {
    return FrameType.HEARTBEAT;
  }
}
