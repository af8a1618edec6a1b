package snapferry.html;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import snapferry.ledger.Achievement;
import snapferry.ledger.Count;
import snapferry.ledger.RunRecord;

/**
 * What the runs of one standby did, slot by slot.
 *
 * @param slots as many as the axis has
 */
record Timeline(TimeAxis axis, List<Slot> slots) {
  /** The runs that began in a slot, together. */
  static final class Slot {
    private int runs;
    private int failed;
    private long read;
    private long sent;
    private Duration longest = Duration.ZERO;
    private long firstEpoch;
    private long lastEpoch;

    private void add(RunRecord run) {
      runs++;
      failed += run.isWell() ? 0 : 1;
      longest = longest.compareTo(run.took()) >= 0 ? longest : run.took();
      Achievement achievement = run.achievement();
      if (achievement != null) {
        read += achievement.count(Count.BYTES_READ);
        sent += achievement.count(Count.BYTES_SENT);
        lastEpoch = achievement.count(Count.EPOCH);
        firstEpoch = firstEpoch == 0 ? lastEpoch : firstEpoch;
      }
    }

    int runs() {
      return runs;
    }

    int failed() {
      return failed;
    }

    /** Bytes read from the source. */
    long read() {
      return read;
    }

    /** Bytes sent. */
    long sent() {
      return sent;
    }

    /** How long the longest run took, in milliseconds. */
    long longest() {
      return longest.toMillis();
    }

    /** The first epoch that was made; 0 if none was. */
    long firstEpoch() {
      return firstEpoch;
    }

    /** The last epoch that was made; 0 if none was. */
    long lastEpoch() {
      return lastEpoch;
    }
  }

  /** The timeline of {@code runs}. */
  static Timeline of(List<RunRecord> runs, TimeAxis axis) {
    List<Slot> slots = new ArrayList<>();
    for (int i = 0; i < axis.slots(); i++) {
      slots.add(new Slot());
    }
    runs.forEach(run -> slots.get(axis.slotOf(run.begun())).add(run));
    return new Timeline(axis, List.copyOf(slots));
  }
}
