package snapferry.journal;

import snapferry.journal.Verdict.Action;

/**
 * The decision table of {@code journal.md}, row by row. Pure: it reads nothing and touches nothing.
 */
final class RecoveryTable {
  /** The journal's header. */
  enum Header {
    /** There is no journal. */
    MISSING,
    GARBLED,
    VALID
  }

  /** The journal's records against its commit record. */
  enum Records {
    SOUND,
    DAMAGED
  }

  /** The manifest against the journal's header and commit record. */
  enum Standing {
    /** There is no manifest. */
    MISSING,
    OTHER_VOLUME,
    /** The journal's epoch and root. */
    APPLIED,
    /** The journal's base epoch. */
    BASE,
    /** Another epoch, or the journal's epoch with another root. */
    OTHER_EPOCH
  }

  private RecoveryTable() {}

  /** What is to be done. An argument that the rows before it made irrelevant may be anything. */
  static Verdict decide(Header header, Slots slots, Records records, Standing standing) {
    if (header == Header.MISSING) {
      return new Verdict(Action.NOTHING, "there is no journal");
    }
    if (slots == Slots.BLANK) {
      return new Verdict(Action.DISCARD, "the journal was never committed");
    }
    if (slots == Slots.GARBLED) {
      return refuse("the commit record of the journal is garbled");
    }
    if (header == Header.GARBLED) {
      return refuse("the journal is committed, but its header is garbled");
    }
    return switch (standing) {
      case MISSING -> refuse("the journal is committed, but there is no manifest");
      case OTHER_VOLUME -> refuse("the journal is committed, but for another volume");
      case APPLIED -> new Verdict(Action.DISCARD, "the journal was applied");
      case OTHER_EPOCH ->
          refuse("the journal is committed, but leads neither from nor to the epoch of the image");
      case BASE ->
          records == Records.SOUND
              ? new Verdict(Action.REPLAY, "the journal is committed and sound")
              : refuse("the journal is committed, but its records are damaged");
    };
  }

  private static Verdict refuse(String reason) {
    return new Verdict(Action.REFUSE, reason);
  }
}
