package snapferry.track;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.extent.Extent;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.StandbyEpoch;

/**
 * The tracker's end of one connection; the protocol is that of {@code dirty-map.md}. What a
 * connection has frozen lasts as long as the connection.
 */
final class ControlSession implements Closeable {
  /** What both ends say first: a later protocol would have another number. */
  static final String GREETING = "snapferry-track 1";

  /** Most bytes of one read. */
  static final int MAX_READ = 2 << 20;

  /** Bytes of an extent in the answer to {@code collect}: offset u64 | length u64. */
  static final int EXTENT = 2 * Long.BYTES;

  private final ControlChannel channel;
  private final TrackedVolume volume;
  private final DirtyMap map;
  private final TrackerReport report;
  private final ByteBuffer bytes = LittleEndian.direct(MAX_READ);
  private long generation;
  private TrackedVolume.@Nullable Moment moment;

  ControlSession(ControlChannel channel, TrackedVolume volume, DirtyMap map, TrackerReport report) {
    this.channel = channel;
    this.volume = volume;
    this.map = map;
    this.report = report;
  }

  /** Answers until the other end closes. */
  void run() throws IOException {
    channel.send(GREETING);
    if (!GREETING.equals(channel.readLine())) {
      return;
    }
    for (String line = channel.readLine(); line != null; line = channel.readLine()) {
      try {
        answer(List.of(line.split(" ", -1)));
      } catch (Failure e) {
        refuse(e.exit(), e);
      } catch (FormatException e) {
        refuse(ExitCode.PROTOCOL, e);
      }
    }
  }

  private void refuse(ExitCode exit, IOException e) throws IOException {
    channel.send("error " + exit.code() + " " + e.getMessage());
  }

  private void answer(List<String> words) throws IOException {
    String verb = words.get(0);
    int arguments =
        switch (verb) {
          case "status", "rotate", "check" -> 0;
          case "freeze", "allocated", "collect", "acknowledge" -> 1;
          case "read", "keep" -> 2;
          default -> throw new FormatException("no request of this protocol");
        };
    if (words.size() != 1 + arguments) {
      throw new FormatException(verb + " takes " + arguments + " arguments");
    }
    switch (verb) {
      case "status" -> status();
      case "rotate" -> rotate();
      case "check" -> check();
      case "freeze" -> freeze(number(words.get(1), Long.MAX_VALUE));
      case "allocated" -> allocated(number(words.get(1), volume.size()));
      case "collect" -> collect(EpochWord.parse(words.get(1)));
      case "acknowledge" -> acknowledge(EpochWord.parse(words.get(1)));
      case "read" -> read(number(words.get(1), volume.size()), number(words.get(2), MAX_READ));
      default -> keep(EpochWord.parse(words.get(1)), EpochWord.parse(words.get(2)));
    }
  }

  private static long number(String word, long max) throws FormatException {
    long number = word.matches("0|[1-9]\\d{0,17}") ? Long.parseLong(word) : -1;
    if (number < 0 || number > max) {
      throw new FormatException("no number from 0 to " + max);
    }
    return number;
  }

  private void status() throws IOException {
    List<String> lines = report.lines();
    channel.send("ok " + lines.size());
    for (String line : lines) {
      channel.send(line);
    }
  }

  private void rotate() throws IOException {
    if (moment != null) {
      throw new FormatException("what is frozen is of the generation before");
    }
    try {
      generation = volume.rotate();
    } catch (IOException e) {
      throw failed(e);
    }
    channel.send("ok " + generation);
  }

  private void freeze(long room) throws IOException {
    if (moment != null) {
      throw new FormatException("frozen already");
    }
    TrackedVolume.Moment frozen;
    try {
      frozen = volume.freeze(room);
    } catch (IOException e) {
      throw failed(e);
    }
    moment = frozen;
    generation = frozen.generation();
    channel.send("ok " + frozen.volume().size());
  }

  private static Failure failed(IOException e) {
    return e instanceof Failure failure
        ? failure
        : new Failure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
  }

  private FrozenVolume frozen() throws FormatException {
    if (moment == null) {
      throw new FormatException("nothing is frozen");
    }
    return moment.volume();
  }

  private void check() throws IOException {
    frozen().requireWhole();
    channel.send("ok");
  }

  private void read(long offset, long length) throws IOException {
    if (offset > volume.size() - length) {
      throw new FormatException("no bytes there");
    }
    try {
      frozen().read(offset, bytes.clear().limit((int) length));
    } catch (FormatException e) {
      throw e;
    } catch (IOException e) {
      throw failed(e);
    }
    channel.send("ok " + length);
    channel.send(bytes.flip());
  }

  private void allocated(long from) throws IOException {
    @Nullable Extent extent = frozen().nextAllocated(from);
    channel.send(extent == null ? "no" : "ok " + extent.offset() + " " + extent.length());
  }

  /** All extents, and after the last one of length 0. */
  private void collect(StandbyEpoch basis) throws IOException {
    OptionalLong since = map.generationOf(basis);
    if (since.isEmpty()) {
      channel.send("no");
      return;
    }
    channel.send("ok");
    bytes.clear();
    map.changesSince(
        since.getAsLong(),
        extent -> {
          bytes.putLong(extent.offset()).putLong(extent.length());
          if (bytes.remaining() < 2 * EXTENT) {
            channel.send(bytes.flip());
            bytes.clear();
          }
        });
    channel.send(bytes.putLong(volume.size()).putLong(0).flip());
  }

  private void keep(StandbyEpoch basis, StandbyEpoch next) throws IOException {
    if (generation == 0 || next.epoch() == 0) {
      throw new FormatException("no generation of this connection to keep");
    }
    try {
      map.keep(basis, next, generation);
    } catch (IOException e) {
      throw failed(e);
    }
    channel.send("ok");
  }

  private void acknowledge(StandbyEpoch now) throws IOException {
    try {
      map.acknowledged(now);
    } catch (IOException e) {
      throw failed(e);
    }
    channel.send("ok");
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      if (moment != null) {
        volume.thaw(moment);
      }
    }
  }
}
