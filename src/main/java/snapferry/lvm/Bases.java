package snapferry.lvm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import snapferry.change.ChangeMap;
import snapferry.change.ChangeSource;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.Monitor;
import snapferry.replicate.StandbyEpoch;

/**
 * Snapshots of one volume that are kept after their run, each for what standbys hold: what changed
 * since then tells what to read now. For all that one snapshot of the volume serves.
 *
 * <pre>
 *  run of epoch 8       snapshot 7 is kept             snapshot 8 is taken
 *    reading            what changed since 7 ◀──────── is read from 8
 *    END                7 and 8 are kept: the standby may hold either
 *    ACK                7 goes, unless another standby still holds it
 * </pre>
 *
 * <p>For one thread at a time. Where two runs let go of one snapshot at the same time, each may
 * leave it to the other; then it is a leftover, and the next run removes it.
 */
final class Bases {
  private final LogicalVolume origin;
  private final ChangeReading reading;
  private final KeepLimit limit;
  private final Leftovers leftovers;
  private final Map<String, ChangeMap> readings = new HashMap<>();

  /** How changes are read off two snapshots. */
  interface ChangeReading {
    /** Its name in the summary. */
    String name();

    /**
     * What differs between two snapshots.
     *
     * @param size bytes of the volume
     * @throws IOException if that cannot be told, for whatever reason
     */
    ChangeMap between(LogicalVolume base, LogicalVolume now, long size) throws IOException;
  }

  Bases(LogicalVolume origin, ChangeReading reading, KeepLimit limit, Leftovers leftovers) {
    this.origin = origin;
    this.reading = reading;
    this.limit = limit;
    this.leftovers = leftovers;
  }

  /** What changed since {@code basis}; null, and said aloud, if that cannot be told. */
  @Nullable ChangeSource since(StandbyEpoch basis, LogicalVolume now, long size, Monitor monitor)
      throws IOException {
    for (LogicalVolume base : kept()) {
      if (SnapshotTags.shows(base, basis)) {
        return read(base, basis, now, size, monitor);
      }
    }
    monitor.warn("no snapshot of epoch " + basis.epoch() + " is kept: everything is read");
    return null;
  }

  private @Nullable ChangeSource read(
      LogicalVolume base, StandbyEpoch basis, LogicalVolume now, long size, Monitor monitor)
      throws IOException {
    try {
      ChangeMap changes = reading(base, now, size);
      monitor.note(
          "%s: %d MiB of %d MiB may differ from epoch %d"
              .formatted(reading.name(), changes.bytesToRead() >> 20, size >> 20, basis.epoch()));
      return changes;
    } catch (IOException e) {
      if (e instanceof Failure failure && failure.exit() == ExitCode.INTERRUPTED) {
        throw e;
      }
      monitor.warn(
          "what changed since epoch %d cannot be told by the snapshot %s (%s): everything is read"
              .formatted(basis.epoch(), base.fullName(), e.getMessage()));
      return null;
    }
  }

  /** Standbys that hold the same ask for the same. */
  private ChangeMap reading(LogicalVolume base, LogicalVolume now, long size) throws IOException {
    @Nullable ChangeMap known = readings.get(base.uuid());
    ChangeMap changes = known == null ? reading.between(base, now, size) : known;
    readings.put(base.uuid(), changes);
    return changes;
  }

  private List<LogicalVolume> kept() throws IOException {
    return Lvm.tagged(SnapshotTags.OURS).stream()
        .filter(each -> each.originUuid().equals(origin.uuid()) && SnapshotTags.isKept(each))
        .toList();
  }

  /** Keeps {@code snapshot}, which shows {@code next}, beside the one of {@code basis}. */
  void keep(StandbyEpoch basis, StandbyEpoch next, LogicalVolume snapshot) throws IOException {
    carryOut(Release.allBut(basis, kept()));
    long now = System.currentTimeMillis() / 1000;
    Lvm.tag(snapshot.fullName(), List.of(SnapshotTags.of(next, now)));
  }

  /**
   * Lets go of what is kept of this standby's past, and for all standbys of what is beyond the
   * limit.
   */
  void acknowledged(StandbyEpoch now, Monitor monitor) {
    try {
      List<LogicalVolume> kept = kept();
      Release release = Release.allBut(now, kept);
      carryOut(release);
      List<LogicalVolume> left = new ArrayList<>(kept);
      left.removeAll(release.removed());
      List<String> surplus = new ArrayList<>();
      for (LogicalVolume each : limit.surplus(left, System.currentTimeMillis() / 1000)) {
        if (leftovers.remove(each)) {
          surplus.add(each.fullName());
        }
      }
      if (!surplus.isEmpty()) {
        monitor.warn(
            "beyond the limit of --keep-base, and removed: %s. The standbys they were for are read"
                    .formatted(String.join(", ", surplus))
                + " for as a whole once");
      }
    } catch (IOException e) {
      monitor.warn("a snapshot that is not needed any more stays: " + e.getMessage());
    }
  }

  private void carryOut(Release release) throws IOException {
    for (LogicalVolume each : release.removed()) {
      // What is still read goes when that is over, if it is not kept for anybody then.
      if (!leftovers.remove(each) && leftovers.isInUse(each)) {
        Lvm.untag(each.fullName(), SnapshotTags.keepingTags(each));
      }
    }
    for (Map.Entry<LogicalVolume, List<String>> each : release.untagged().entrySet()) {
      if (leftovers.isOurs(each.getKey())) {
        Lvm.untag(each.getKey().fullName(), each.getValue());
      }
    }
  }
}
