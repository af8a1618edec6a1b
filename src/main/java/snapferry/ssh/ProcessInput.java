package snapferry.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** What a child process reads. Moves a pipe full at a time, and keeps nothing back. */
final class ProcessInput implements WritableByteChannel {
  private final OutputStream stream;
  private final byte[] bytes = new byte[ProcessOutput.PIPE];

  ProcessInput(OutputStream stream) {
    this.stream = stream;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int count = Math.min(bytes.length, from.remaining());
    from.get(bytes, 0, count);
    stream.write(bytes, 0, count);
    stream.flush();
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
