package snapferry.replicate;

/**
 * Where a run tells how it goes. Calls come from several threads, one after another per phase, and
 * must return at once.
 */
public interface Monitor {
  /** What a run is doing. */
  enum Phase {
    CONNECTING("connecting"),
    RECOVERING("recovering"),
    SENDING("sending"),
    RECEIVING("receiving"),
    COMMITTING("committing"),
    APPLYING("applying"),
    VERIFYING("verifying");

    private final String label;

    Phase(String label) {
      this.label = label;
    }

    /** In words, for people and for JSON. */
    public String label() {
      return label;
    }
  }

  /** A phase began. */
  void phase(Phase phase);

  /**
   * How far the phase is.
   *
   * @param done bytes of the volume (or of the journal, while applying) that are behind us
   * @param total bytes that there are
   */
  void progress(long done, long total);

  /** Something worth knowing, shown with {@code -v}. */
  void note(String text);

  /** Something that deserves a look; the run ends with exit code 3 at best. */
  void warn(String text);

  /** Tells nobody. */
  Monitor SILENT =
      new Monitor() {
        @Override
        public void phase(Phase phase) {}

        @Override
        public void progress(long done, long total) {}

        @Override
        public void note(String text) {}

        @Override
        public void warn(String text) {}
      };
}
