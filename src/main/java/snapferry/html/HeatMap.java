package snapferry.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import snapferry.extent.BlockSize;
import snapferry.ledger.Achievement;
import snapferry.ledger.Count;
import snapferry.ledger.RunRecord;
import snapferry.replicate.Heat;

/**
 * Where and how often a volume changed: columns are parts of it, rows are slots of time. A first
 * copy is no change, so epoch 1 is left out. A volume that grew is shown as it is now.
 */
final class HeatMap {
  private static final double MIDDLE = 1.5;

  private final TimeAxis axis;
  private final long size;
  private final int parts;
  private final double[][] pages;
  private final int[] rowEpochs;
  private final int[] partEpochs;
  private int epochs;

  private HeatMap(TimeAxis axis, long size, int parts) {
    this.axis = axis;
    this.size = size;
    this.parts = parts;
    this.pages = new double[axis.slots()][parts];
    this.rowEpochs = new int[axis.slots()];
    this.partEpochs = new int[parts];
  }

  /** The map of {@code runs}; null if none says where something changed. */
  static @Nullable HeatMap of(List<RunRecord> runs, TimeAxis axis) {
    List<RunRecord> epochs = new ArrayList<>();
    for (RunRecord run : runs) {
      Achievement done = run.achievement();
      if (done != null
          && done.heat() != null
          && done.count(Count.EPOCH) > 1
          && done.count(Count.BYTES_TOTAL) > 0) {
        epochs.add(run);
      }
    }
    if (epochs.isEmpty()) {
      return null;
    }
    Achievement newest = done(epochs.get(epochs.size() - 1));
    HeatMap map = new HeatMap(axis, newest.count(Count.BYTES_TOTAL), heat(newest).parts());
    epochs.forEach(map::add);
    return map;
  }

  private static Achievement done(RunRecord run) {
    return Objects.requireNonNull(run.achievement());
  }

  private static Heat heat(Achievement done) {
    return Objects.requireNonNull(done.heat());
  }

  private void add(RunRecord run) {
    Heat heat = heat(done(run));
    long had = done(run).count(Count.BYTES_TOTAL);
    int row = axis.slotOf(run.begun());
    epochs++;
    rowEpochs[row]++;
    for (int part = 0; part < parts; part++) {
      // The middle of this part, as a part of what the volume was then.
      double then = (part + 0.5) / parts * size / had;
      int level = then < 1 ? heat.level((int) (then * heat.parts())) : 0;
      if (level > 0) {
        partEpochs[part]++;
        pages[row][part] += MIDDLE * Math.pow(2, level - 1) * heat.parts() / parts;
      }
    }
  }

  TimeAxis axis() {
    return axis;
  }

  /** Bytes of the volume. */
  long size() {
    return size;
  }

  /** How many columns there are. */
  int parts() {
    return parts;
  }

  /** How many epochs are in the map. */
  int epochs() {
    return epochs;
  }

  /** How many epochs are in {@code row}. */
  int epochs(int row) {
    return rowEpochs[row];
  }

  /** In how many epochs something changed in {@code part}. */
  int changes(int part) {
    return partEpochs[part];
  }

  /** Where {@code part} begins, in bytes; the end of the volume behind the last. */
  long offset(int part) {
    return (long) ((double) size * part / parts);
  }

  /**
   * How much of {@code part} changed in {@code row}, from 0 to 1: an estimate to a factor of two,
   * and what changed twice counts twice.
   */
  double share(int row, int part) {
    double whole = Math.max(1, (double) size / BlockSize.PAGE / parts);
    return Math.min(1, pages[row][part] / whole);
  }
}
