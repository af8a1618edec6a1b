package snapferry.replicate;

import snapferry.change.ChangeSource;
import snapferry.extent.Geometry;
import snapferry.patrol.PatrolledChanges;
import snapferry.wire.Patrolled;

/**
 * The source's patrol in one run: has a slice read that the change source calls unchanged. What
 * differs there from what both ends have on record goes to the standby like any change, and is said
 * loudly.
 */
final class SourcePatrol {
  private final Patrolling patrolling;
  private final ChangeSource changes;
  private final Differences missed;
  private final Monitor monitor;
  private long bytesRead;

  private SourcePatrol(
      Patrolling patrolling, ChangeSource changes, Geometry geometry, Monitor monitor) {
    this.patrolling = patrolling;
    this.changes = changes;
    this.missed = new Differences(geometry);
    this.monitor = monitor;
  }

  /** Checks {@code hint} on the slice that is due. */
  static SourcePatrol of(
      Patrolling patrolling, ChangeSource hint, Geometry geometry, Monitor monitor) {
    ChangeSource changes = new PatrolledChanges(hint, patrolling.slice());
    return new SourcePatrol(patrolling, changes, geometry, monitor);
  }

  /** There is no hint to check: the run reads everything. */
  static SourcePatrol idle(
      Patrolling patrolling, ChangeSource changes, Geometry geometry, Monitor monitor) {
    patrolling.everything();
    return new SourcePatrol(patrolling, changes, geometry, monitor);
  }

  /** What narrows the reading now. */
  ChangeSource changes() {
    return changes;
  }

  /** So many bytes were read that no hint asked for. */
  void read(long bytes) {
    bytesRead += bytes;
  }

  /** This block differs, and no hint had named it. In the order of the volume. */
  void missed(long block) {
    missed.add(block, 1);
  }

  /** Everything was read: says what was found. */
  void tell() {
    if (missed.blocks() > 0) {
      monitor.warn(
          "patrol: "
              + missed.inWords()
              + " changed, and "
              + changes.name()
              + " had not named them: since then the standby was wrong there. They are sent with this"
              + " epoch. Either the record of this source was damaged, or "
              + changes.name()
              + " is not to be relied on (--changes scan reads everything)");
    }
  }

  /** What to tell the standby. */
  Patrolled told() {
    return patrolling.told(bytesRead, missed.blocks());
  }

  /** The standby holds the epoch. */
  void done() {
    patrolling.done();
  }
}
