package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.NullMarked;

/** Something happens when all of an epoch was sent, before its first END goes out. */
@NullMarked
final class Interjection implements WritableByteChannel {
  private final WritableByteChannel out;
  private final Event event;
  private boolean happened;

  private Interjection(WritableByteChannel out, Event event) {
    this.out = out;
    this.event = event;
  }

  /** What happens. */
  interface Event {
    void happen() throws IOException;
  }

  /** The end of a source, which is interrupted so. */
  static Ends of(Ends source, Event event) {
    return new Ends(source.in(), new Interjection(source.out(), event), source.cut());
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    if (!happened && from.get(from.position()) == Forger.END) {
      happened = true;
      event.happen();
    }
    return out.write(from);
  }

  @Override
  public boolean isOpen() {
    return out.isOpen();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
