package snapferry.cli;

import snapferry.replicate.Monitor;
import snapferry.replicate.SnapshotGroup;
import snapferry.replicate.Snapshots;

/** Stands between a run and what takes its snapshots. */
interface SnapshotsWrapping {
  /**
   * What the run is to use.
   *
   * @param taking what it would use otherwise
   * @param monitor of the run
   */
  Snapshots around(SnapshotGroup.Taking taking, Monitor monitor);
}
