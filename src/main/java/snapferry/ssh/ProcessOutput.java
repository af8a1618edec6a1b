package snapferry.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * What a child process writes. Moves a pipe full at a time; the adapter of {@link
 * java.nio.channels.Channels} moves 8 KiB.
 */
final class ProcessOutput implements ReadableByteChannel {
  /** What a pipe of Linux holds. */
  static final int PIPE = 64 << 10;

  /** Told at the end of the stream, before anybody else learns of it. */
  interface End {
    /**
     * The end came.
     *
     * @param heard whether anything came before
     */
    void reached(boolean heard);
  }

  private final InputStream stream;
  private final End end;
  private final byte[] bytes = new byte[PIPE];
  private boolean heard;

  ProcessOutput(InputStream stream, End end) {
    this.stream = stream;
    this.end = end;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (!into.hasRemaining()) {
      return 0;
    }
    int count = stream.read(bytes, 0, Math.min(bytes.length, into.remaining()));
    if (count < 0) {
      end.reached(heard);
      return -1;
    }
    heard = true;
    into.put(bytes, 0, count);
    return count;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
