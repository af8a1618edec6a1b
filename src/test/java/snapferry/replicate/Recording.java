package snapferry.replicate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.NullMarked;

/** What one end of a line says, and what it had heard when it said it. */
@NullMarked
final class Recording {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final TreeMap<Integer, Long> heardAt = new TreeMap<>();
  private final AtomicLong heard = new AtomicLong();

  /** The same end, which is listened to. */
  Ends of(Ends end) {
    return new Ends(listening(end.in()), recording(end.out()), end.cut());
  }

  /** Everything it said. */
  synchronized byte[] bytes() {
    return said.toByteArray();
  }

  /**
   * How many bytes it must have heard to go on after having said so many; after the last, all that
   * there was to be heard.
   */
  synchronized long heardBefore(int position) {
    if (position >= said.size()) {
      return heard.get();
    }
    Map.Entry<Integer, Long> last = heardAt.floorEntry(position);
    return last == null ? 0 : last.getValue();
  }

  private ReadableByteChannel listening(ReadableByteChannel in) {
    return new ReadableByteChannel() {
      @Override
      public int read(ByteBuffer into) throws IOException {
        int count = in.read(into);
        heard.addAndGet(Math.max(0, count));
        return count;
      }

      @Override
      public boolean isOpen() {
        return in.isOpen();
      }

      @Override
      public void close() throws IOException {
        in.close();
      }
    };
  }

  private WritableByteChannel recording(WritableByteChannel out) {
    return new WritableByteChannel() {
      @Override
      public int write(ByteBuffer from) throws IOException {
        ByteBuffer copy = from.duplicate();
        long before = heard.get();
        int count = out.write(from);
        byte[] bytes = new byte[count];
        copy.get(bytes);
        synchronized (Recording.this) {
          heardAt.putIfAbsent(said.size(), before);
          said.writeBytes(bytes);
        }
        return count;
      }

      @Override
      public boolean isOpen() {
        return out.isOpen();
      }

      @Override
      public void close() throws IOException {
        out.close();
      }
    };
  }
}
