package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import org.jspecify.annotations.NullMarked;

/**
 * A peer that says what was recorded, or what became of it, and then is gone: says each part when
 * it has heard as much as the recorded end had, and does not mind what. When the other end is
 * silent because it was told something else, this one goes on after a moment.
 */
@NullMarked
final class Playback {
  private static final long GARBLED_PATIENCE_MILLIS = 3;
  private static final long PATIENCE_MILLIS = 1000;

  /** How the line ends. */
  enum Cut {
    /** As when the other process ended. */
    END_OF_STREAM,
    /** As when the network went. */
    RESET
  }

  private final byte[] bytes;
  private final Recording recording;
  private final Cut cut;
  private final long patienceMillis;
  private int said;
  private long heard;
  private boolean closed;

  /**
   * @param bytes what to say
   * @param recording when to say it
   */
  Playback(byte[] bytes, Recording recording, Cut cut) {
    this.bytes = bytes;
    this.recording = recording;
    this.cut = cut;
    byte[] original = recording.bytes();
    boolean intact = Arrays.equals(bytes, Arrays.copyOf(original, bytes.length));
    this.patienceMillis = intact ? PATIENCE_MILLIS : GARBLED_PATIENCE_MILLIS;
  }

  /** The line as the end sees it that is to be tried. */
  Ends ends() {
    return new Ends(new In(), new Out(), this::close);
  }

  private synchronized void close() {
    closed = true;
    notifyAll();
  }

  private synchronized int say(ByteBuffer into) throws IOException {
    awaitTurn();
    if (closed) {
      throw new ClosedChannelException();
    }
    if (said == bytes.length) {
      if (cut == Cut.RESET) {
        throw new IOException("Connection reset by peer");
      }
      return -1;
    }
    int count = 0;
    long due = recording.heardBefore(said);
    while (count < into.remaining()
        && said + count < bytes.length
        && recording.heardBefore(said + count) <= Math.max(due, heard)) {
      count++;
    }
    into.put(bytes, said, count);
    said += count;
    return count;
  }

  private void awaitTurn() throws IOException {
    long due = recording.heardBefore(said);
    long deadline = System.nanoTime() + patienceMillis * 1_000_000;
    try {
      while (!closed && heard < due && System.nanoTime() < deadline) {
        wait(patienceMillis);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private synchronized int hear(ByteBuffer from) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    int count = from.remaining();
    from.position(from.limit());
    heard += count;
    notifyAll();
    return count;
  }

  private final class In implements ReadableByteChannel {
    @Override
    public int read(ByteBuffer into) throws IOException {
      return say(into);
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {
      Playback.this.close();
    }
  }

  private final class Out implements WritableByteChannel {
    @Override
    public int write(ByteBuffer from) throws IOException {
      return hear(from);
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {
      Playback.this.close();
    }
  }
}
