package snapferry.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last run of every pair, and the last one that went well, by the run log. Not safe for use by
 * several threads at once.
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
      offset += RunLines.read(stream, this::take);
    }
  }

  private void readAll() throws IOException {
    last.clear();
    lastWell.clear();
    BasicFileAttributes now = attributes();
    inode = now == null ? null : now.fileKey();
    offset = RunLines.readAll(log.files(), this::take);
  }

  private void take(RunRecord run, String line) {
    last.put(run.pair(), run);
    if (run.isWell()) {
      lastWell.put(run.pair(), run);
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
