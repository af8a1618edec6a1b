package snapferry.ledger;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Reads files of a run log. Lines that are none are passed over. */
final class RunLines {
  private RunLines() {}

  /** Who takes in what is read. */
  interface Reader {
    void take(RunRecord run, String line);
  }

  /**
   * Reads all of {@code files}, of which those that are missing are passed over, from the last to
   * the first. The first, newest one is opened first: when files are rotated meanwhile, one is read
   * twice, but none is missed.
   *
   * @return as {@link #read(InputStream, Reader)}, of the first file; 0 if it is missing
   */
  static long readAll(List<Path> files, Reader reader) throws IOException {
    Deque<InputStream> open = new ArrayDeque<>();
    try {
      for (Path file : files) {
        try {
          open.push(Files.newInputStream(file));
        } catch (NoSuchFileException e) {
          open.push(InputStream.nullInputStream());
        }
      }
      long complete = 0;
      for (InputStream stream : open) {
        complete = read(stream, reader);
      }
      return complete;
    } finally {
      for (InputStream stream : open) {
        stream.close();
      }
    }
  }

  /** Reads the lines that are complete; gives their length in bytes. */
  static long read(InputStream stream, Reader reader) throws IOException {
    // ISO 8859-1, so that a character is a byte, and what is not UTF-8 does no harm.
    BufferedReader characters =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.ISO_8859_1));
    StringBuilder line = new StringBuilder();
    long complete = 0;
    long length = 0;
    for (int c = characters.read(); c >= 0; c = characters.read()) {
      length++;
      if (c != '\n') {
        if (line.length() <= 2 * RunLine.MAX_LENGTH) {
          line.append((char) c);
        }
        continue;
      }
      complete = length;
      take(line.toString(), reader);
      line.setLength(0);
    }
    return complete;
  }

  private static void take(String bytes, Reader reader) {
    String line = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    RunRecord run = RunLine.decode(line);
    if (run != null) {
      reader.take(run, line);
    }
  }
}
