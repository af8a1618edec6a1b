package snapferry.lvm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import snapferry.extent.BlockSize;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.Monitor;

/** Takes snapshots of one logical volume. */
final class LvmSnapshots {
  /** What is overwritten while a snapshot is read, as a part of the volume: a generous guess. */
  private static final int COW_PART = 5;

  private static final long MIN_COW = 64L << 20;
  private static final double POOL_FULL = 95;
  private static final double POOL_WARNING = 80;

  private final String name;
  private final LogicalVolume origin;
  private final SnapshotSettings settings;
  private final Path stateRoot;
  private final Leftovers leftovers;
  private final Monitor monitor;

  /**
   * @param name what the operator calls the volume
   */
  LvmSnapshots(
      String name,
      LogicalVolume origin,
      SnapshotSettings settings,
      Path stateRoot,
      Monitor monitor) {
    this.name = name;
    this.origin = origin;
    this.settings = settings;
    this.stateRoot = stateRoot;
    this.leftovers = new Leftovers(stateRoot);
    this.monitor = monitor;
  }

  /** Removes what runs of this volume left behind that were killed. */
  void removeLeftovers() throws IOException {
    try {
      List<String> removed = leftovers.remove(origin.uuid());
      if (!removed.isEmpty()) {
        monitor.note("removed what killed runs left behind: " + String.join(", ", removed));
      }
    } catch (Failure e) {
      if (e.exit() == ExitCode.INTERRUPTED) {
        throw e;
      }
      monitor.warn("what a killed run left behind stays: " + e.getMessage());
    }
  }

  /** Takes one. */
  LvmSnapshot take() throws IOException {
    @Nullable Bases bases = bases();
    long cow = 0;
    if (origin.isThin()) {
      checkPool(Lvm.get(origin.group() + "/" + origin.pool()));
    } else {
      cow = cowSize(settings.cowSize());
    }
    RunDirectory run = RunDirectory.begin(stateRoot);
    try {
      return take(run, cow, bases);
    } catch (IOException e) {
      try (run) {
        removeWhatWasTaken(run);
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  /**
   * A failed {@code lvcreate} may leave a volume behind that is no snapshot yet, and who can say of
   * what it was to be one but this run? What cannot be removed now is left over.
   */
  private void removeWhatWasTaken(RunDirectory run) throws IOException {
    for (LogicalVolume volume : Lvm.tagged(SnapshotTags.OURS)) {
      if (run.run().equals(SnapshotTags.run(volume))) {
        Lvm.remove(volume.fullName());
      }
    }
    run.forget();
  }

  /** How what changed is found; null when everything is read. */
  private @Nullable Bases bases() throws Failure {
    boolean thin = origin.isThin();
    ChangesMode mode = settings.changes();
    if (mode == (thin ? ChangesMode.COW : ChangesMode.THIN)) {
      throw new Failure(
          ExitCode.USAGE,
          "--changes %s does not go with %s, which is %s logical volume"
              .formatted(mode.label(), name, thin ? "a thin" : "no thin"));
    }
    boolean byOthers = mode == ChangesMode.SCAN || mode == ChangesMode.FUSE;
    if (byOthers || (mode == ChangesMode.AUTO && !thin)) {
      return null;
    }
    Bases.ChangeReading reading = thin ? new ThinChanges(stateRoot, monitor) : new CowChanges();
    return new Bases(origin, reading, settings.keep(), leftovers);
  }

  private LvmSnapshot take(RunDirectory run, long cow, @Nullable Bases bases) throws IOException {
    String snapshot = SnapshotTags.name(run.run());
    String fullName = origin.group() + "/" + snapshot;
    List<String> tags = SnapshotTags.of(run.run());
    if (origin.isThin()) {
      Lvm.createThin(origin, snapshot, tags);
      Lvm.activate(fullName);
      monitor.note("took the thin snapshot " + fullName);
    } else {
      Lvm.createClassic(origin, snapshot, cow, tags);
      monitor.note("took the snapshot " + fullName + " with room for " + (cow >> 20) + " MiB");
    }
    return new LvmSnapshot(name, Lvm.get(fullName), run, bases, monitor);
  }

  /** What was asked for, or what is usual. */
  private long cowSize(long wanted) throws Failure {
    long free = origin.groupFree();
    long needed = wanted == 0 ? MIN_COW : wanted;
    if (free == 0 || wanted > free) {
      throw new Failure(
          ExitCode.FAILED,
          ("the volume group %s has %d MiB free, and a snapshot of %s takes %d MiB. Nothing was"
                  + " sent. Make room (vgextend), give less with --snapshot-size, or read the"
                  + " volume as it is with --snapshot none")
              .formatted(origin.group(), free >> 20, name, needed >> 20));
    }
    return wanted > 0 ? wanted : usualRoom(origin);
  }

  /** A fifth of the volume, as far as the group has it. */
  static long usualRoom(LogicalVolume origin) {
    long part = Math.min(origin.groupFree(), Math.max(MIN_COW, origin.size() / COW_PART));
    return part / BlockSize.SECTOR * BlockSize.SECTOR;
  }

  /** A pool that is full stops its volumes: no moment to begin with another one. */
  private void checkPool(LogicalVolume pool) throws Failure {
    double fullest = Math.max(pool.dataPercent(), pool.metadataPercent());
    String level =
        "the thin pool %s is %.1f %% full, its metadata %.1f %%"
            .formatted(pool.fullName(), pool.dataPercent(), pool.metadataPercent());
    if (!(fullest < POOL_FULL)) {
      throw new Failure(
          ExitCode.FAILED,
          level + ". No snapshot was taken, nothing was sent. lvextend makes it larger");
    }
    if (fullest >= POOL_WARNING) {
      monitor.warn(level);
    }
  }
}
