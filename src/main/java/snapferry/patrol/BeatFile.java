package snapferry.patrol;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.codec.SealedText;
import snapferry.device.StateDirectory;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * The file {@code patrol} of a state directory: a {@link Beat} as text, in ASCII.
 *
 * <pre>
 *  snapferry-patrol: 1
 *  size: decimal
 *  block-size: decimal
 *  cursor: decimal, a block
 *  count: decimal, milliseconds
 *  entered: decimal, a count
 *  boot: UUID
 *  uptime: decimal, milliseconds
 *  clock: decimal, milliseconds since 1970
 *  verified: for each part a count or -, with blanks between them
 *  crc32c: 8 hex digits, of all bytes before this line
 * </pre>
 */
public final class BeatFile {
  /** Its name. */
  public static final String NAME = "patrol";

  /** No such file is longer, in bytes. */
  static final int MAX_LENGTH = 4096;

  private static final String FIRST_LINE = "snapferry-patrol: 1";
  private static final String[] KEYS = {
    "size", "block-size", "cursor", "count", "entered", "boot", "uptime", "clock", "verified"
  };
  private static final String NEVER = "-";

  private BeatFile() {}

  /**
   * What is on record in {@code directory}; null when nothing is.
   *
   * @throws FormatException if it is damaged; nothing is guessed
   */
  public static @Nullable Beat load(StateDirectory directory) throws IOException {
    byte[] bytes = directory.load(NAME, MAX_LENGTH);
    return bytes == null ? null : decode(bytes);
  }

  /** Puts {@code beat} on record; durable when this returns. */
  public static void store(Beat beat, StateDirectory directory) throws IOException {
    directory.replace(NAME, encode(beat));
  }

  static byte[] encode(Beat beat) {
    Object[] values = {
      beat.geometry().size(),
      beat.geometry().blockSize().bytes(),
      beat.cursor(),
      beat.count(),
      beat.entered(),
      beat.seen().boot(),
      beat.seen().uptime(),
      beat.seen().clock(),
      beat.verified().stream()
          .map(each -> each == Beat.NEVER ? NEVER : Long.toString(each))
          .collect(Collectors.joining(" "))
    };
    StringBuilder body = new StringBuilder(FIRST_LINE).append('\n');
    for (int i = 0; i < KEYS.length; i++) {
      body.append(KEYS[i]).append(": ").append(values[i]).append('\n');
    }
    return SealedText.seal(body.toString());
  }

  static Beat decode(byte[] bytes) throws FormatException {
    String[] lines = SealedText.open(bytes, "patrol").split("\n", -1);
    if (lines.length != KEYS.length + 2 || !lines[0].equals(FIRST_LINE)) {
      throw new FormatException("patrol that is not '" + FIRST_LINE + "' and its lines");
    }
    String[] values = new String[KEYS.length];
    for (int i = 0; i < KEYS.length; i++) {
      String key = KEYS[i] + ": ";
      if (!lines[i + 1].startsWith(key)) {
        throw new FormatException("patrol line " + (i + 2) + " is not '" + KEYS[i] + "'");
      }
      values[i] = lines[i + 1].substring(key.length());
    }
    try {
      Beat beat = beat(values);
      // The parsers of the JDK take more than one spelling of a value; only ours is accepted.
      if (Arrays.equals(bytes, encode(beat))) {
        return beat;
      }
    } catch (IllegalArgumentException e) {
      throw new FormatException("patrol: " + e.getMessage());
    }
    throw new FormatException("patrol whose values are not in their canonical form");
  }

  private static Beat beat(String[] values) {
    Geometry geometry =
        new Geometry(Long.parseLong(values[0]), new BlockSize(Integer.parseInt(values[1])));
    Moment seen =
        new Moment(
            UUID.fromString(values[5]), Long.parseLong(values[6]), Long.parseLong(values[7]));
    List<Long> verified =
        Arrays.stream(values[8].split(" ", -1))
            .map(each -> each.equals(NEVER) ? Beat.NEVER : Long.parseLong(each))
            .toList();
    return new Beat(
        geometry,
        Long.parseLong(values[2]),
        Long.parseLong(values[3]),
        Long.parseLong(values[4]),
        seen,
        verified);
  }
}
