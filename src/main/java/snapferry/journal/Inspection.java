package snapferry.journal;

import static snapferry.journal.JournalFormat.RECORDS;
import static snapferry.journal.JournalFormat.SLOTS_END;
import static snapferry.journal.JournalFormat.SLOT_A;
import static snapferry.journal.JournalFormat.SLOT_B;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.delta.Zeros;
import snapferry.device.Storage;

/**
 * What the part of a journal before its records says. Bytes past the end of a short file count as
 * zeros, as they would if the file had grown and nothing had been written to it.
 *
 * @param header null when it is garbled
 * @param slots what the commit slots are
 * @param commit what they say; null unless they are valid
 * @param defect in words, what is wrong with a garbled header; empty otherwise
 */
record Inspection(
    @Nullable JournalHeader header, Slots slots, @Nullable CommitRecord commit, String defect) {

  static Inspection of(Storage journal) throws IOException {
    ByteBuffer bytes = LittleEndian.direct(RECORDS);
    journal.read(0, bytes.limit((int) Math.min(bytes.capacity(), journal.size())));
    bytes.clear();
    JournalHeader header = null;
    String defect = "";
    try {
      header = JournalHeader.decode(bytes);
      if (!Zeros.isZero(bytes, SLOTS_END, RECORDS - SLOTS_END)) {
        throw new FormatException("journal whose reserved bytes after the slots are not zero");
      }
    } catch (FormatException e) {
      header = null;
      defect = String.valueOf(e.getMessage());
    }
    return of(bytes, header, defect);
  }

  private static Inspection of(ByteBuffer bytes, @Nullable JournalHeader header, String defect) {
    if (Zeros.isZero(bytes, SLOT_A, SLOTS_END - SLOT_A)) {
      return new Inspection(header, Slots.BLANK, null, defect);
    }
    CommitRecord a = slot(bytes, SLOT_A);
    CommitRecord b = slot(bytes, SLOT_B);
    CommitRecord commit = a != null ? a : b;
    boolean agree = a == null || b == null || a.equals(b);
    if (commit == null || !agree || (header != null && header.epoch() != commit.epoch())) {
      return new Inspection(header, Slots.GARBLED, null, defect);
    }
    return new Inspection(header, Slots.VALID, commit, defect);
  }

  private static @Nullable CommitRecord slot(ByteBuffer bytes, int at) {
    try {
      return CommitRecord.decode(bytes, at);
    } catch (FormatException e) {
      return null;
    }
  }

  /** The epoch that the journal makes, or null unless header and commit record are both valid. */
  @Nullable CommittedJournal committed() {
    return header == null || commit == null ? null : new CommittedJournal(header, commit);
  }
}
