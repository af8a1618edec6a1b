package snapferry.lvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Snapshots that runs left behind which were killed, apart from those that are kept. */
public final class Leftovers {
  private final Path stateRoot;

  /**
   * @param stateRoot where those runs kept their state; what others left is not touched
   */
  public Leftovers(Path stateRoot) {
    this.stateRoot = stateRoot.toAbsolutePath().normalize();
  }

  /**
   * What there is of ours.
   *
   * @param removable {@code GROUP/NAME} of snapshots whose runs are over
   * @param foreign {@code GROUP/NAME} of snapshots that runs with another state directory took
   * @param kept {@code GROUP/NAME} of snapshots that narrow the reading of later runs
   */
  public record Found(List<String> removable, List<String> foreign, List<String> kept) {
    public Found {
      removable = List.copyOf(removable);
      foreign = List.copyOf(foreign);
      kept = List.copyOf(kept);
    }
  }

  /** Looks, and touches nothing. */
  public Found find() throws IOException {
    List<String> removable = new ArrayList<>();
    List<String> foreign = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    for (LogicalVolume volume : Lvm.tagged(SnapshotTags.OURS)) {
      switch (fate(volume)) {
        case ALIVE -> {}
        case OVER -> (SnapshotTags.isKept(volume) ? kept : removable).add(volume.fullName());
        case FOREIGN -> foreign.add(volume.fullName());
      }
    }
    return new Found(removable, foreign, kept);
  }

  /** Removes all that there is; gives the names. */
  public List<String> remove() throws IOException {
    return remove(volume -> !SnapshotTags.isKept(volume));
  }

  /**
   * Removes those of the volume with this UUID, and what was to become a classic snapshot when its
   * run was killed; gives the names. A thin one is never half made: without an origin it is all
   * that is left of a volume.
   */
  List<String> remove(String originUuid) throws IOException {
    return remove(
        volume ->
            (volume.originUuid().equals(originUuid)
                    || (volume.originUuid().isEmpty() && !volume.isThin()))
                && !SnapshotTags.isKept(volume));
  }

  private List<String> remove(Predicate<LogicalVolume> which) throws IOException {
    List<String> removed = new ArrayList<>();
    for (LogicalVolume volume : Lvm.tagged(SnapshotTags.OURS)) {
      if (which.test(volume) && remove(volume)) {
        removed.add(volume.fullName());
      }
    }
    return removed;
  }

  /** Removes a snapshot if its run is over; tells whether that is so, and it is ours. */
  boolean remove(LogicalVolume volume) throws IOException {
    @Nullable UUID run = SnapshotTags.run(volume);
    if (run == null) {
      return false;
    }
    try (@Nullable RunDirectory over = RunDirectory.seize(stateRoot, run)) {
      if (over == null) {
        return false;
      }
      Lvm.remove(volume.fullName());
      over.forget();
      return true;
    }
  }

  /** Whether a run that goes on reads it. */
  boolean isInUse(LogicalVolume volume) throws IOException {
    return fate(volume) == RunDirectory.Fate.ALIVE;
  }

  /** Whether a run took it that kept its state here, over or not. */
  boolean isOurs(LogicalVolume volume) throws IOException {
    return fate(volume) != RunDirectory.Fate.FOREIGN;
  }

  private RunDirectory.Fate fate(LogicalVolume volume) throws IOException {
    @Nullable UUID run = SnapshotTags.run(volume);
    return run == null ? RunDirectory.Fate.FOREIGN : RunDirectory.fate(stateRoot, run);
  }
}
