package snapferry.cli;

import snapferry.replicate.Snapshots;

/** Stands between a run and what takes its snapshots. */
interface SnapshotsWrapping {
  /** What the run is to use in the place of {@code snapshots}. */
  Snapshots around(Snapshots snapshots);
}
