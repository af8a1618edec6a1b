package snapferry.lvm;

import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import snapferry.change.ChangeMap;
import snapferry.change.ChangeSource;
import snapferry.codec.FormatException;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.Monitor;
import snapferry.replicate.StandbyEpoch;

/**
 * Snapshots of one volume that are kept after their run, each for what a standby holds: what
 * changed since then tells what to read now.
 *
 * <pre>
 *  run of epoch 8       snapshot 7 is kept             snapshot 8 is taken
 *    reading            what changed since 7 ◀──────── is read from 8
 *    END                7 and 8 are kept: the standby may hold either
 *    ACK                7 goes
 * </pre>
 */
final class Bases {
  private final LogicalVolume origin;
  private final ChangeReading reading;
  private final KeepLimit limit;
  private final Leftovers leftovers;
  private final Monitor monitor;

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

  Bases(
      LogicalVolume origin,
      ChangeReading reading,
      KeepLimit limit,
      Leftovers leftovers,
      Monitor monitor) {
    this.origin = origin;
    this.reading = reading;
    this.limit = limit;
    this.leftovers = leftovers;
    this.monitor = monitor;
  }

  /** What changed since {@code basis}; null, and said aloud, if that cannot be told. */
  @Nullable ChangeSource since(StandbyEpoch basis, LogicalVolume now, long size)
      throws IOException {
    for (LogicalVolume base : kept()) {
      if (SnapshotTags.shows(base, basis)) {
        return read(base, basis, now, size);
      }
    }
    monitor.warn("no snapshot of epoch " + basis.epoch() + " is kept: everything is read");
    return null;
  }

  private @Nullable ChangeSource read(
      LogicalVolume base, StandbyEpoch basis, LogicalVolume now, long size) throws IOException {
    try {
      ChangeMap changes = reading.between(base, now, size);
      monitor.note(
          "%s: %d MiB of %d MiB may differ from epoch %d"
              .formatted(reading.name(), changes.bytesToRead() >> 20, size >> 20, basis.epoch()));
      return changes;
    } catch (FormatException e) {
      warn(base, basis, e);
    } catch (Failure e) {
      if (e.exit() == ExitCode.INTERRUPTED) {
        throw e;
      }
      warn(base, basis, e);
    } catch (IOException e) {
      warn(base, basis, e);
    }
    return null;
  }

  private void warn(LogicalVolume base, StandbyEpoch basis, IOException e) {
    monitor.warn(
        "what changed since epoch %d cannot be told by the snapshot %s (%s): everything is read"
            .formatted(basis.epoch(), base.fullName(), e.getMessage()));
  }

  private List<LogicalVolume> kept() throws IOException {
    return Lvm.tagged(SnapshotTags.OURS).stream()
        .filter(each -> SnapshotTags.isKept(each) && each.originUuid().equals(origin.uuid()))
        .toList();
  }

  /** Keeps {@code snapshot}, which shows {@code next}, beside the one of {@code basis}. */
  void keep(StandbyEpoch basis, StandbyEpoch next, LogicalVolume snapshot) throws IOException {
    remove(each -> isOf(each, next) && !SnapshotTags.shows(each, basis));
    long now = System.currentTimeMillis() / 1000;
    Lvm.tag(snapshot.fullName(), SnapshotTags.of(next, now));
  }

  /** Removes what is kept of this standby's past, and of all standbys what is beyond the limit. */
  void acknowledged(StandbyEpoch now) {
    try {
      remove(each -> isOf(each, now) && !SnapshotTags.shows(each, now));
      long seconds = System.currentTimeMillis() / 1000;
      List<LogicalVolume> surplus = limit.surplus(kept(), seconds);
      List<String> removed = surplus.isEmpty() ? List.of() : leftovers.remove(surplus::contains);
      if (!removed.isEmpty()) {
        monitor.warn(
            "beyond the limit of --keep-base, and removed: %s. The standbys they were for are read"
                    .formatted(String.join(", ", removed))
                + " for as a whole once");
      }
    } catch (IOException e) {
      monitor.warn("a snapshot that is not needed any more stays: " + e.getMessage());
    }
  }

  private boolean isOf(LogicalVolume snapshot, StandbyEpoch epoch) {
    return snapshot.originUuid().equals(origin.uuid())
        && SnapshotTags.isKeptFor(snapshot, epoch.standby());
  }

  private void remove(Predicate<LogicalVolume> which) throws IOException {
    leftovers.remove(which);
  }
}
