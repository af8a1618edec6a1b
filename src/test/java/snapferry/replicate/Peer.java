package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import snapferry.wire.BufferPool;
import snapferry.wire.Frame;
import snapferry.wire.FrameReader;
import snapferry.wire.FrameType;
import snapferry.wire.Frames;
import snapferry.wire.Hello;
import snapferry.wire.Message;
import snapferry.wire.Preface;
import snapferry.wire.Purpose;
import snapferry.wire.Role;

/** The other end of a line, which does only what a test tells it to. */
@NullMarked
final class Peer implements Closeable {
  private final Ends ends;
  private final FrameReader reader;

  Peer(Ends ends) {
    this.ends = ends;
    this.reader = new FrameReader(ends.in(), new BufferPool(1, FrameType.DELTA.maxPayload()));
  }

  static Hello hello(Role role) {
    return new Hello(1, 1, role, Purpose.REPLICATE, 30, "", "test");
  }

  /** Sends the preface and a HELLO. */
  void greet(Role role) throws IOException {
    ByteBuffer preface = ByteBuffer.allocate(Preface.LENGTH);
    Preface.write(preface);
    raw(preface.flip());
    say(hello(role));
  }

  void say(Message message) throws IOException {
    raw(frame(message));
  }

  void raw(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      ends.out().write(bytes);
    }
  }

  static ByteBuffer frame(Message message) {
    ByteBuffer frame =
        ByteBuffer.allocate(message.type().maxFrame()).order(ByteOrder.LITTLE_ENDIAN);
    Frames.encode(message, frame);
    return frame.flip();
  }

  /** Reads the preface. */
  void hearPreface() throws IOException {
    reader.preface();
  }

  /** The next frame; null when the line has ended. */
  @Nullable Frame hear() throws IOException {
    return reader.next();
  }

  /** Reads everything up to the end of the line. */
  byte[] hearAll() throws IOException {
    return Channels.newInputStream(ends.in()).readAllBytes();
  }

  @Override
  public void close() throws IOException {
    ends.cut().close();
  }
}
