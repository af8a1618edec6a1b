package snapferry.journal;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.codec.SealedText;
import snapferry.device.StateDirectory;

/**
 * When a standby was last read and compared as a whole, and whether it was the same. In a file of
 * its own beside the manifest, in ASCII:
 *
 * <pre>
 *  snapferry-verified: 1
 *  epoch: decimal, at least 1
 *  time: 2026-11-22T19:45:00Z
 *  result: same | different
 *  crc32c: 8 hex digits, of all bytes before this line
 * </pre>
 *
 * <p>Nothing is decided by it.
 *
 * @param epoch that the standby held
 * @param time when that was found, in seconds
 * @param same whether the image was that epoch, or what the source held
 */
public record Verification(long epoch, Instant time, boolean same) {
  private static final String FIRST_LINE = "snapferry-verified: 1";
  private static final String SAME = "same";
  private static final String DIFFERENT = "different";
  private static final int MAX_LENGTH = 512;
  private static final int LINES = 5;

  /** One that was just made. */
  public static Verification now(long epoch, boolean same) {
    return new Verification(epoch, Instant.now().truncatedTo(ChronoUnit.SECONDS), same);
  }

  /** Makes it the last one of {@code directory}. Durable when this returns. */
  public void store(StateDirectory directory) throws IOException {
    directory.replace(StateFiles.VERIFIED, encode());
  }

  private byte[] encode() {
    return SealedText.seal(
        "%s\nepoch: %d\ntime: %s\nresult: %s\n"
            .formatted(FIRST_LINE, epoch, time, same ? SAME : DIFFERENT));
  }

  /** The last one of {@code directory}; null if there was none, or it cannot be read. */
  public static @Nullable Verification load(StateDirectory directory) throws IOException {
    try {
      byte[] bytes = directory.load(StateFiles.VERIFIED, MAX_LENGTH);
      return bytes == null ? null : decode(SealedText.open(bytes, "verified"));
    } catch (FormatException | IllegalArgumentException | DateTimeException e) {
      return null;
    }
  }

  private static @Nullable Verification decode(String body) {
    String[] lines = body.split("\n", -1);
    if (lines.length != LINES || !lines[0].equals(FIRST_LINE)) {
      return null;
    }
    String result = value(lines[3], "result");
    long epoch = Long.parseLong(value(lines[1], "epoch"));
    if (epoch < 1 || !(result.equals(SAME) || result.equals(DIFFERENT))) {
      return null;
    }
    return new Verification(epoch, Instant.parse(value(lines[2], "time")), result.equals(SAME));
  }

  private static String value(String line, String key) {
    if (!line.startsWith(key + ": ")) {
      throw new IllegalArgumentException("no line " + key);
    }
    return line.substring(key.length() + 2);
  }
}
