package snapferry.track;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import snapferry.codec.FormatException;
import snapferry.codec.Printable;
import snapferry.codec.SealedText;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/**
 * What a tracker tracks and where it shows it, as it stands in its directory in a file {@code
 * tracker}:
 *
 * <pre>
 *  volume: PATH
 *  mountpoint: PATH
 *  file: NAME
 *  crc32c: 8 hex digits, of all bytes before this line
 * </pre>
 *
 * @param volume the lasting name of the device or file
 * @param mountpoint absolute
 * @param file its name in the mount
 */
public record TrackerDescription(Path volume, Path mountpoint, String file) {
  static final String FILE = "tracker";

  private static final int MAX_LENGTH = 3 * ControlChannel.MAX_LINE;

  /** Refuses names that do not fit on a line. */
  static TrackerDescription of(Path volume, Path mountpoint, String file) throws Failure {
    TrackerDescription description = new TrackerDescription(volume, mountpoint, file);
    for (String line : description.lines()) {
      if (!Printable.escape(line).equals(line)) {
        throw new Failure(ExitCode.USAGE, line + " holds characters that cannot be shown");
      }
    }
    return description;
  }

  /** The file that shows the volume. */
  public Path shownAt() {
    return mountpoint.resolve(file);
  }

  List<String> lines() {
    return List.of("volume: " + volume, "mountpoint: " + mountpoint, "file: " + file);
  }

  byte[] encode() {
    String text = String.join("\n", lines()) + "\n";
    return SealedText.seal(new String(text.getBytes(UTF_8), ISO_8859_1));
  }

  /** Reads what {@link #encode} wrote. */
  static TrackerDescription load(Path directory) throws IOException {
    Path path = directory.resolve(FILE);
    if (Files.size(path) > MAX_LENGTH) {
      throw new FormatException(path + " is longer than " + MAX_LENGTH + " bytes");
    }
    String text = SealedText.open(Files.readAllBytes(path), path.toString());
    String[] lines = new String(text.getBytes(ISO_8859_1), UTF_8).split("\n", -1);
    if (lines.length != 4) {
      throw new FormatException(path + " has not three lines");
    }
    try {
      return new TrackerDescription(
          Path.of(value(lines[0], "volume", path)),
          Path.of(value(lines[1], "mountpoint", path)),
          value(lines[2], "file", path));
    } catch (InvalidPathException e) {
      throw new FormatException(path + " holds no path: " + e.getMessage());
    }
  }

  private static String value(String line, String key, Path path) throws FormatException {
    if (!line.startsWith(key + ": ")) {
      throw new FormatException(path + " has no '" + key + "' where it should");
    }
    return line.substring(key.length() + 2);
  }

  /** Whether {@code path} is the file that the tracker shows, without looking into the mount. */
  boolean shows(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent == null || !absolute.endsWith(file)) {
      return false;
    }
    if (parent.equals(mountpoint)) {
      return true;
    }
    Path above = parent.getParent();
    return above != null
        && parent.getFileName().equals(mountpoint.getFileName())
        && Files.isDirectory(above)
        && above.toRealPath().resolve(parent.getFileName()).equals(mountpoint);
  }
}
