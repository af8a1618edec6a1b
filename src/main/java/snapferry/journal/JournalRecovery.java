package snapferry.journal;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.device.StateDirectory;
import snapferry.journal.RecoveryTable.Header;
import snapferry.journal.RecoveryTable.Records;
import snapferry.journal.RecoveryTable.Standing;
import snapferry.journal.Verdict.Action;

/**
 * A journal that was found in a state directory, and the verdict on it. Looking changes nothing;
 * who acts does, in this order: {@link #replay}, sync of the target, manifest, {@link #remove}; or,
 * on DISCARD, {@link #remove} alone.
 */
public final class JournalRecovery implements Closeable {
  private final StateDirectory directory;
  private final @Nullable JournalReader reader;
  private final Verdict verdict;

  private JournalRecovery(
      StateDirectory directory, @Nullable JournalReader reader, Verdict verdict) {
    this.directory = directory;
    this.reader = reader;
    this.verdict = verdict;
  }

  /**
   * Judges the journal of {@code directory}; reads the whole of it if the verdict hangs on its
   * records.
   *
   * @param manifest the manifest of {@code directory}, or null when there is none
   * @throws IOException if something cannot be read; damage is no exception but a REFUSE
   */
  public static JournalRecovery inspect(StateDirectory directory, @Nullable Manifest manifest)
      throws IOException {
    if (!directory.exists(StateFiles.JOURNAL)) {
      Verdict nothing =
          RecoveryTable.decide(Header.MISSING, Slots.BLANK, Records.SOUND, Standing.MISSING);
      return new JournalRecovery(directory, null, nothing);
    }
    JournalReader reader = JournalReader.open(directory.open(StateFiles.JOURNAL));
    try {
      return new JournalRecovery(directory, reader, judge(reader, manifest));
    } catch (Throwable e) {
      reader.close();
      throw e;
    }
  }

  private static Verdict judge(JournalReader reader, @Nullable Manifest manifest)
      throws IOException {
    Inspection inspection = reader.inspection();
    Slots slots = inspection.slots();
    if (inspection.header() == null) {
      Verdict verdict =
          RecoveryTable.decide(Header.GARBLED, slots, Records.DAMAGED, Standing.OTHER_EPOCH);
      return verdict.action() == Action.REFUSE ? because(verdict, inspection.defect()) : verdict;
    }
    CommittedJournal journal = inspection.committed();
    Standing standing = journal == null ? Standing.OTHER_EPOCH : standing(journal, manifest);
    Verdict ifSound = RecoveryTable.decide(Header.VALID, slots, Records.SOUND, standing);
    if (ifSound.action() != Action.REPLAY) {
      return ifSound;
    }
    try {
      reader.verify();
      return ifSound;
    } catch (FormatException e) {
      Verdict damaged = RecoveryTable.decide(Header.VALID, slots, Records.DAMAGED, standing);
      return because(damaged, String.valueOf(e.getMessage()));
    }
  }

  private static Standing standing(CommittedJournal journal, @Nullable Manifest manifest) {
    if (manifest == null) {
      return Standing.MISSING;
    }
    if (!manifest.volume().equals(journal.header().volume())) {
      return Standing.OTHER_VOLUME;
    }
    if (manifest.epoch() == journal.header().baseEpoch()) {
      return Standing.BASE;
    }
    boolean applied =
        manifest.epoch() == journal.header().epoch()
            && manifest.root().equals(journal.commit().root());
    return applied ? Standing.APPLIED : Standing.OTHER_EPOCH;
  }

  private static Verdict because(Verdict verdict, String detail) {
    return new Verdict(verdict.action(), verdict.reason() + " (" + detail + ")");
  }

  /** What is to be done. */
  public Verdict verdict() {
    return verdict;
  }

  /**
   * Header and commit record of a committed journal, or null. On the source the standby's STATE
   * decides between the two epochs: REPLAY only if it names this epoch and root.
   */
  public @Nullable CommittedJournal committed() {
    return reader == null ? null : reader.inspection().committed();
  }

  /**
   * Applies the journal to {@code target}, in the order of its records. The whole of it was
   * verified before; what the target wrote is not yet durable when this returns.
   *
   * @throws IllegalStateException if the verdict is not REPLAY
   * @throws FormatException if the journal changed since it was verified
   */
  public void replay(Replay target) throws IOException {
    if (reader == null || verdict.action() != Action.REPLAY) {
      throw new IllegalStateException("no replay on " + verdict);
    }
    reader.replay(target);
  }

  /** Removes the journal, durably, and closes this. */
  public void remove() throws IOException {
    close();
    directory.delete(StateFiles.JOURNAL);
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.close();
    }
  }
}
