package snapferry.track;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;

/**
 * One end of a connection to a tracker: lines of UTF-8, and bytes whose number a line before them
 * says. Neither end trusts the other with the length of a line. For one thread at a time.
 */
final class ControlChannel implements Closeable {
  /** Most bytes of a line, two paths of Linux. */
  static final int MAX_LINE = 8192;

  private final SocketChannel channel;
  private final ByteBuffer in = LittleEndian.direct(64 << 10).limit(0);

  ControlChannel(SocketChannel channel) {
    this.channel = channel;
  }

  /** The next line, without its end; null if the other end has closed. */
  @Nullable String readLine() throws IOException {
    byte[] line = new byte[MAX_LINE];
    int length = 0;
    for (int next = read(); next != '\n'; next = read()) {
      if (next < 0) {
        if (length == 0) {
          return null;
        }
        throw ended();
      }
      if (length == MAX_LINE) {
        throw new FormatException("a line of more than " + MAX_LINE + " bytes");
      }
      line[length++] = (byte) next;
    }
    return new String(line, 0, length, UTF_8);
  }

  private int read() throws IOException {
    if (!in.hasRemaining() && !fill()) {
      return -1;
    }
    return Byte.toUnsignedInt(in.get());
  }

  private boolean fill() throws IOException {
    in.clear();
    int count = channel.read(in);
    in.flip();
    return count > 0;
  }

  /** Fills {@code destination} to its limit. */
  void read(ByteBuffer destination) throws IOException {
    while (in.hasRemaining() && destination.hasRemaining()) {
      destination.put(in.get());
    }
    while (destination.hasRemaining()) {
      if (channel.read(destination) < 0) {
        throw ended();
      }
    }
  }

  private static EOFException ended() {
    return new EOFException("the connection ended too early");
  }

  /** Sends a line; what would end it is sent as a blank. */
  void send(String line) throws IOException {
    send(ByteBuffer.wrap((line.replace('\n', ' ') + "\n").getBytes(UTF_8)));
  }

  /** Sends bytes. */
  void send(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
