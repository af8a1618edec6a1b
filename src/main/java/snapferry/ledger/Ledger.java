package snapferry.ledger;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last run of every pair, and the last one that went well, by the run log. Lines that are none
 * are passed over. Not safe for use by several threads at once.
 */
public final class Ledger {
  private final RunLog log;
  private final Map<Pair, RunRecord> last = new HashMap<>();
  private final Map<Pair, RunRecord> lastWell = new HashMap<>();
  private @Nullable Object inode;
  private long offset;

  public Ledger(RunLog log) {
    this.log = log;
  }

  /**
   * Reads what was logged since the last time, by whatever process: of the present file the rest;
   * when another has taken its place, everything.
   */
  public void refresh() throws IOException {
    BasicFileAttributes now = attributes();
    boolean same =
        now != null && now.fileKey() != null && now.fileKey().equals(inode) && now.size() >= offset;
    if (same) {
      readRest();
    } else {
      readAll();
    }
  }

  private @Nullable BasicFileAttributes attributes() throws IOException {
    try {
      return Files.readAttributes(log.current(), BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private void readRest() throws IOException {
    try (InputStream stream = Files.newInputStream(log.current())) {
      stream.skipNBytes(offset);
      offset += read(stream);
    }
  }

  /**
   * The newest file is opened first: when files are rotated meanwhile, one is read twice, but none
   * is missed.
   */
  private void readAll() throws IOException {
    last.clear();
    lastWell.clear();
    BasicFileAttributes now = attributes();
    inode = now == null ? null : now.fileKey();
    offset = 0;
    Deque<InputStream> open = new ArrayDeque<>();
    try {
      for (var file : log.files()) {
        if (Files.exists(file)) {
          open.push(Files.newInputStream(file));
        }
      }
      for (InputStream stream : open) {
        offset = read(stream);
      }
    } finally {
      for (InputStream stream : open) {
        stream.close();
      }
    }
  }

  /** Takes in the lines that are complete; gives their length in bytes. */
  private long read(InputStream stream) throws IOException {
    // ISO 8859-1, so that a character is a byte, and what is not UTF-8 does no harm.
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.ISO_8859_1));
    StringBuilder line = new StringBuilder();
    long complete = 0;
    long length = 0;
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      length++;
      if (c != '\n') {
        if (line.length() <= 2 * RunLine.MAX_LENGTH) {
          line.append((char) c);
        }
        continue;
      }
      complete = length;
      take(line.toString());
      line.setLength(0);
    }
    return complete;
  }

  private void take(String bytes) {
    String line = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    RunRecord run = RunLine.decode(line);
    if (run != null) {
      last.put(run.pair(), run);
      if (run.isWell()) {
        lastWell.put(run.pair(), run);
      }
    }
  }

  /** The last run; null if none is on record. */
  public @Nullable RunRecord last(Pair pair) {
    return last.get(pair);
  }

  /** The last run that went well; null if none is on record. */
  public @Nullable RunRecord lastWell(Pair pair) {
    return lastWell.get(pair);
  }
}
