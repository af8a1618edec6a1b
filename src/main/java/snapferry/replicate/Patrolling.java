package snapferry.replicate;

import java.io.IOException;
import java.time.Duration;
import snapferry.codec.FormatException;
import snapferry.device.StateDirectory;
import snapferry.extent.Geometry;
import snapferry.patrol.Beat;
import snapferry.patrol.BeatFile;
import snapferry.patrol.Moment;
import snapferry.patrol.Slice;
import snapferry.wire.Patrolled;

/**
 * The patrol of one end in one run. Its record moves on only when all that was to be verified was,
 * and what was wrong has been made right: what a run that fails looked at is looked at again.
 */
final class Patrolling {
  private final StateDirectory directory;
  private final Duration period;
  private final Monitor monitor;
  private final Beat now;
  private final Slice slice;
  private Beat next;

  private Patrolling(
      StateDirectory directory, Duration period, Monitor monitor, Beat last, Moment moment) {
    this.directory = directory;
    this.period = period;
    this.monitor = monitor;
    this.now = last.at(moment, period);
    this.slice = last.due(moment, period);
    this.next = now;
  }

  /**
   * Goes on from what is on record in {@code directory}. For a volume of another geometry, as one
   * that grew, it begins anew.
   */
  static Patrolling open(
      StateDirectory directory, Geometry geometry, Duration period, Moment moment, Monitor monitor)
      throws IOException {
    Beat last = null;
    try {
      last = BeatFile.load(directory);
    } catch (FormatException e) {
      monitor.warn(
          directory.name()
              + ": how far the patrol has come is on record, but damaged ("
              + e.getMessage()
              + "); it begins anew");
    }
    boolean goesOn = last != null && last.geometry().equals(geometry);
    return new Patrolling(
        directory,
        period,
        monitor,
        last != null && goesOn ? last : Beat.begin(geometry, moment),
        moment);
  }

  /** This run verifies the slice that is due. */
  Slice slice() {
    next = now.after(slice);
    return slice;
  }

  /** This run verifies everything anyway. */
  void everything() {
    next = now.afterAll();
  }

  /**
   * What to tell the other end.
   *
   * @param bytes read because of the patrol
   * @param found blocks that were wrong
   */
  Patrolled told(long bytes, long found) {
    long age = Math.min(Integer.MAX_VALUE, next.age().toSeconds());
    return new Patrolled(bytes, found, (int) age, next.coverage(period));
  }

  /**
   * All of it was verified, and is right. That this cannot be remembered does not undo it: it is
   * done once more.
   */
  void done() {
    try {
      BeatFile.store(next, directory);
    } catch (IOException e) {
      monitor.warn("how far the patrol has come could not be recorded: " + e.getMessage());
    }
  }
}
