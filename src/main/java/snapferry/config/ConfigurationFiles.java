package snapferry.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** Where a configuration is: the only part of this package that reads files. */
public final class ConfigurationFiles {
  /** The main file, where nobody says otherwise; more files are in {@code conf.d} beside it. */
  public static final Path MAIN = Path.of("/etc/snapferry/snapferry.toml");

  /** Bytes of a file: some 20,000 volumes. */
  static final int MAX_LENGTH = 1 << 20;

  /** Files beside the main one. */
  static final int MAX_PARTS = 10_000;

  private ConfigurationFiles() {}

  /** Reads one file and no other. */
  public static ConfigurationText single(Path file) throws IOException {
    return new ConfigurationText(read(file), List.of());
  }

  /** Reads a main file, and those of {@code conf.d} beside it in the order of their names. */
  public static ConfigurationText withParts(Path main) throws IOException {
    List<ConfigurationText.File> parts = new ArrayList<>();
    for (Path part : parts(main.resolveSibling("conf.d"))) {
      parts.add(read(part));
    }
    return new ConfigurationText(read(main), parts);
  }

  private static List<Path> parts(Path directory) throws IOException {
    List<Path> parts = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.toml")) {
        for (Path file : files) {
          parts.add(file);
          if (parts.size() > MAX_PARTS) {
            throw new Failure(
                ExitCode.USAGE, directory + " holds more than " + MAX_PARTS + " files");
          }
        }
      }
    }
    Collections.sort(parts);
    return parts;
  }

  private static ConfigurationText.File read(Path file) throws IOException {
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] bytes = stream.readNBytes(MAX_LENGTH + 1);
      if (bytes.length > MAX_LENGTH) {
        throw new Failure(ExitCode.USAGE, file + " is longer than " + MAX_LENGTH + " bytes");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new ConfigurationText.File(file.toString(), text);
    } catch (NoSuchFileException e) {
      throw new Failure(ExitCode.USAGE, "there is no configuration " + file, e);
    } catch (CharacterCodingException e) {
      throw new Failure(ExitCode.USAGE, file + " is no text in UTF-8", e);
    } catch (Failure e) {
      throw e;
    } catch (IOException e) {
      throw new Failure(ExitCode.USAGE, file + " cannot be read (" + e.getMessage() + ")", e);
    }
  }
}
