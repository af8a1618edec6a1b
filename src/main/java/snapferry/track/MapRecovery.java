package snapferry.track;

/**
 * Whether a map that is found can be gone on with: the table of {@code dirty-map.md}. What cannot
 * be trusted is replaced by a new map, which vouches for nothing that was before it.
 */
final class MapRecovery {
  private MapRecovery() {}

  /** What the header slots are. */
  enum Slots {
    /** There is no map at all. */
    MISSING,
    /** Neither is valid. */
    GARBLED,
    VALID
  }

  /** How long the file is, for what its header says. */
  enum Length {
    WRONG,
    RIGHT
  }

  /** Which volume, in which regions. */
  enum Volume {
    ANOTHER,
    OTHER_REGIONS,
    SAME
  }

  /** How the last tracker ended, and what was seen of the volume since. */
  enum Stop {
    /** It was killed, or the power went: its own last writes look like anybody's. */
    UNCLEAN,
    /** As above, but the machine was started again, and that no tracker ran since is certain. */
    UNCLEAN_BUT_WRITTEN,
    CLEAN_BUT_WRITTEN,
    CLEAN
  }

  /** What to do, and if it is to start anew, why. */
  enum Verdict {
    GO_ON(""),
    CREATE("there is no dirty map of it yet"),
    GARBLED("its dirty map is garbled"),
    CUT("its dirty map has another length than it should"),
    ANOTHER("its dirty map is of another volume, or of another size of it"),
    OTHER_REGIONS("its dirty map has regions of another size"),
    WRITTEN("it was written to while no tracker ran");

    private final String reason;

    Verdict(String reason) {
      this.reason = reason;
    }

    /** In the words of the document. */
    String action() {
      return this == GO_ON ? "GO ON" : "START ANEW";
    }

    /** Why the map is not gone on with. */
    String reason() {
      return reason;
    }
  }

  /** The first row of the table that fits. */
  static Verdict decide(Slots slots, Length length, Volume volume, Stop stop) {
    if (slots != Slots.VALID) {
      return slots == Slots.MISSING ? Verdict.CREATE : Verdict.GARBLED;
    }
    if (length == Length.WRONG) {
      return Verdict.CUT;
    }
    return switch (volume) {
      case ANOTHER -> Verdict.ANOTHER;
      case OTHER_REGIONS -> Verdict.OTHER_REGIONS;
      case SAME ->
          switch (stop) {
            case CLEAN_BUT_WRITTEN, UNCLEAN_BUT_WRITTEN -> Verdict.WRITTEN;
            case CLEAN, UNCLEAN -> Verdict.GO_ON;
          };
    };
  }
}
