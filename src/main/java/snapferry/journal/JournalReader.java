package snapferry.journal;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.device.Storage;

/**
 * Reads a journal: what state it is in, whether it is sound, and, when it is, what it does. Reads
 * with bounded memory, writes nothing. Not safe for use by several threads.
 */
final class JournalReader implements Closeable {
  private static final int READ_AHEAD = 1 << 20;

  private final Storage storage;
  private final Inspection inspection;
  private @Nullable RecordWindow window;
  private boolean verified;

  private JournalReader(Storage storage, Inspection inspection) {
    this.storage = storage;
    this.inspection = inspection;
  }

  /** Looks at header and slots. The reader owns {@code storage}. */
  static JournalReader open(Storage storage) throws IOException {
    try {
      return new JournalReader(storage, Inspection.of(storage));
    } catch (Throwable e) {
      storage.close();
      throw e;
    }
  }

  /** What header and slots say. */
  Inspection inspection() {
    return inspection;
  }

  /**
   * Reads and checks all records.
   *
   * @throws FormatException if the journal is not committed, or a record is damaged, missing or out
   *     of bounds
   */
  void verify() throws IOException {
    RecordScan scan = scan(committed());
    while (scan.next()) {
      // Each record is checked on the way.
    }
    verified = true;
  }

  /**
   * Applies the journal to {@code target}, in the order of the records. Everything is verified
   * before the first call; what the target wrote is not yet durable when this returns.
   *
   * @throws FormatException as {@link #verify}, before the target was called; or, should the
   *     journal change under our eyes, after it was
   */
  void replay(Replay target) throws IOException {
    if (!verified) {
      verify();
    }
    CommittedJournal committed = committed();
    RecordScan scan = scan(committed);
    RecordPlayer player = new RecordPlayer(committed.header().shape().geometry(), target);
    while (scan.next()) {
      player.play(scan);
    }
    player.finish();
  }

  private CommittedJournal committed() throws FormatException {
    CommittedJournal committed = inspection.committed();
    if (committed == null) {
      throw new FormatException("journal that is not committed");
    }
    return committed;
  }

  private RecordScan scan(CommittedJournal committed) throws IOException {
    long end = committed.commit().end();
    if (storage.size() != end) {
      throw new FormatException(
          "journal of " + storage.size() + " bytes that was committed with " + end);
    }
    JournalBounds bounds = new JournalBounds(committed.header().shape());
    if (window == null) {
      window =
          new RecordWindow(storage, JournalFormat.RECORDS, end, bounds.maxRecord(), READ_AHEAD);
    }
    return new RecordScan(window, bounds, committed.commit());
  }

  @Override
  public void close() throws IOException {
    storage.close();
  }
}
