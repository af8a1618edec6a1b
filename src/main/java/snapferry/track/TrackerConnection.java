package snapferry.track;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import snapferry.change.ChangeMap;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.codec.Printable;
import snapferry.extent.Extent;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.StandbyEpoch;

/**
 * A connection to a tracker. What was frozen through it is readable until it is closed, or lost
 * with it: from then on whatever breaks the connection is {@link ExitCode#SNAPSHOT_LOST}. Safe for
 * use by several threads, which wait for each other.
 */
public final class TrackerConnection implements Closeable {
  private static final Pattern ERROR = Pattern.compile("error (\\d{1,3}) (.*)");
  private static final int MAX_STATUS = 1000;

  private final ControlChannel channel;
  private @Nullable Path frozen;

  private TrackerConnection(ControlChannel channel) {
    this.channel = channel;
  }

  /** Connects; null if nobody listens there any more. */
  static @Nullable TrackerConnection open(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      ControlChannel control = new ControlChannel(channel);
      String greeting = control.readLine();
      if (!ControlSession.GREETING.equals(greeting)) {
        throw new FormatException(
            greeting == null
                ? "the tracker has more connections than it takes"
                : "what listens at " + socket + " is no tracker of this version");
      }
      control.send(ControlSession.GREETING);
      return new TrackerConnection(control);
    } catch (ConnectException e) {
      channel.close();
      return null;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** How the tracker stands, as {@code key: value} lines. */
  public synchronized List<String> status() throws IOException {
    int count = (int) number(ask("status"), MAX_STATUS);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lines.add(line());
    }
    return lines;
  }

  /**
   * Bytes of the volume that may differ by now from what a standby holds; empty if the tracker does
   * not know of it.
   */
  public OptionalLong behind(UUID standby, long epoch) throws IOException {
    for (String line : status()) {
      Backlog backlog = Backlog.parse(line);
      if (backlog != null && backlog.standby().equals(standby) && backlog.epoch() == epoch) {
        return OptionalLong.of(backlog.bytes());
      }
    }
    return OptionalLong.empty();
  }

  /** Begins a generation, which {@link #keep} is about from now on; gives its number. */
  public synchronized long rotate() throws IOException {
    return number(ask("rotate"), MapHeader.MAX_GENERATION);
  }

  /**
   * Begins a generation and freezes the volume for {@link #read}.
   *
   * @param source what the operator calls the volume
   * @param room most bytes that the tracker copies away meanwhile; 0 to leave it to the tracker
   * @return bytes of the volume
   * @throws Failure {@link ExitCode#LOCKED} if another run has frozen it
   */
  synchronized long freeze(Path source, long room) throws IOException {
    frozen = source;
    return number(ask("freeze " + room), Long.MAX_VALUE);
  }

  /** Fills {@code destination} with bytes of the frozen volume. */
  synchronized void read(long offset, ByteBuffer destination) throws IOException {
    int end = destination.limit();
    for (long at = offset; destination.position() < end; ) {
      int count = Math.min(ControlSession.MAX_READ, end - destination.position());
      long answered = number(ask("read " + at + " " + count), ControlSession.MAX_READ);
      if (answered != count) {
        throw broken(
            new FormatException(
                "the tracker answers with %d bytes, not %d".formatted(answered, count)));
      }
      fill(destination.limit(destination.position() + count));
      destination.limit(end);
      at += count;
    }
  }

  /** As {@link snapferry.device.BlockDevice#nextAllocated}, of the frozen volume. */
  synchronized @Nullable Extent nextAllocated(long from, long size) throws IOException {
    @Nullable String answer = ask("allocated " + from);
    if (answer == null) {
      return null;
    }
    int blank = Math.max(0, answer.indexOf(' '));
    return extent(
        number(answer.substring(0, blank), size),
        number(answer.substring(blank).strip(), size),
        from,
        size);
  }

  /** Makes sure that the frozen volume is whole. */
  synchronized void check() throws IOException {
    done("check");
  }

  /**
   * Adds to {@code changes} what may differ from {@code basis}; false if the tracker cannot tell.
   */
  synchronized boolean collect(StandbyEpoch basis, ChangeMap changes, long size)
      throws IOException {
    if (ask("collect " + EpochWord.of(basis)) == null) {
      return false;
    }
    ByteBuffer bytes = LittleEndian.heap(ControlSession.EXTENT);
    for (long end = 0; ; ) {
      fill(bytes.clear());
      long offset = bytes.getLong(0);
      long length = bytes.getLong(Long.BYTES);
      if (length == 0) {
        return true;
      }
      Extent extent = extent(offset, length, end, size);
      changes.mayDiffer(extent);
      end = extent.end();
    }
  }

  private Extent extent(long offset, long length, long from, long end) throws IOException {
    if (offset < from || length < 1 || offset > end - length) {
      throw broken(
          new FormatException("the tracker tells of %d bytes at %d".formatted(length, offset)));
    }
    return new Extent(offset, length);
  }

  /** The standby may hold {@code next}, which is what the volume was when the generation began. */
  synchronized void keep(StandbyEpoch basis, StandbyEpoch next) throws IOException {
    done("keep " + EpochWord.of(basis) + " " + EpochWord.of(next));
  }

  /** The standby holds {@code now}. */
  synchronized void acknowledge(StandbyEpoch now) throws IOException {
    done("acknowledge " + EpochWord.of(now));
  }

  /** Asks for what is done or fails. */
  private void done(String request) throws IOException {
    if (ask(request) == null) {
      throw broken(new FormatException("the tracker says no to what it can only do or fail at"));
    }
  }

  /** What follows {@code ok}; null if the answer is no. */
  private @Nullable String ask(String request) throws IOException {
    String answer = exchange(request);
    if (answer.equals("no")) {
      return null;
    }
    Matcher error = ERROR.matcher(answer);
    if (error.matches()) {
      throw new Failure(
          ExitCode.of(Integer.parseInt(error.group(1))), Printable.escape(error.group(2)));
    }
    if (!answer.equals("ok") && !answer.startsWith("ok ")) {
      throw broken(new FormatException("an answer that is none: " + Printable.escape(answer)));
    }
    return answer.substring(2).strip();
  }

  private String exchange(String request) throws IOException {
    try {
      channel.send(request);
    } catch (IOException e) {
      throw broken(e);
    }
    return line();
  }

  private String line() throws IOException {
    try {
      String line = channel.readLine();
      if (line != null) {
        return line;
      }
    } catch (IOException e) {
      throw broken(e);
    }
    throw broken(new EOFException("the tracker ended"));
  }

  private void fill(ByteBuffer destination) throws IOException {
    try {
      channel.read(destination);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private long number(@Nullable String word, long max) throws IOException {
    long number = word != null && word.matches("\\d{1,18}") ? Long.parseLong(word) : -1;
    if (number < 0 || number > max) {
      throw broken(new FormatException("the tracker answers with no number that can be"));
    }
    return number;
  }

  /** The connection is of no use any more, and what was frozen through it is gone. */
  private IOException broken(IOException cause) {
    return frozen == null
        ? cause
        : new Failure(
            ExitCode.SNAPSHOT_LOST,
            "the tracker of "
                + frozen
                + " ended, and its snapshot with it ("
                + cause.getMessage()
                + "). The standby was not touched. Run again when it is back",
            cause);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
