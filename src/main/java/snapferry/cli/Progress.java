package snapferry.cli;

import snapferry.replicate.Monitor.Phase;

/** Shows how far a run is. */
interface Progress {
  /** A phase began. */
  void phase(Phase phase);

  /** So many bytes of the phase are behind us. */
  void progress(long done, long total);

  /** Something else is about to be printed: whatever is on the screen must go. */
  void clear();

  /** Shows nothing. */
  Progress NONE =
      new Progress() {
        @Override
        public void phase(Phase phase) {}

        @Override
        public void progress(long done, long total) {}

        @Override
        public void clear() {}
      };
}
