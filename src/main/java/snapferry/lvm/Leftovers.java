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
      @Nullable UUID run = SnapshotTags.run(volume);
      RunDirectory.Fate fate =
          run == null ? RunDirectory.Fate.FOREIGN : RunDirectory.fate(stateRoot, run);
      switch (fate) {
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

  /** Removes those that are {@code which} and whose runs are over; gives the names. */
  List<String> remove(Predicate<LogicalVolume> which) throws IOException {
    List<String> removed = new ArrayList<>();
    for (LogicalVolume volume : Lvm.tagged(SnapshotTags.OURS)) {
      @Nullable UUID run = SnapshotTags.run(volume);
      if (run == null || !which.test(volume)) {
        continue;
      }
      try (@Nullable RunDirectory over = RunDirectory.seize(stateRoot, run)) {
        if (over != null) {
          Lvm.remove(volume.fullName());
          over.forget();
          removed.add(volume.fullName());
        }
      }
    }
    return removed;
  }
}
