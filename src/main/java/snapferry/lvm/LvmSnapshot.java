package snapferry.lvm;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import snapferry.change.ChangeSource;
import snapferry.codec.FormatException;
import snapferry.device.BlockDevice;
import snapferry.device.CacheUse;
import snapferry.device.Volumes;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.Monitor;
import snapferry.replicate.Snapshot;
import snapferry.replicate.StandbyEpoch;

/**
 * A snapshot of a logical volume that this run took, classic or thin. Runs to several standbys may
 * share it.
 */
final class LvmSnapshot implements Snapshot {
  private final String origin;
  private final LogicalVolume volume;
  private final RunDirectory run;
  private final @Nullable Bases bases;
  private final Monitor monitor;
  private final @Nullable FillWatch watch;
  private boolean kept;

  /**
   * @param origin what the operator calls the volume
   * @param volume the snapshot
   * @param run marks it as ours; closed with it
   * @param bases where it is kept for the next run; null if it is not
   * @param monitor hears when it is nearly full, and when it cannot be removed
   */
  LvmSnapshot(
      String origin,
      LogicalVolume volume,
      RunDirectory run,
      @Nullable Bases bases,
      Monitor monitor) {
    this.origin = origin;
    this.volume = volume;
    this.run = run;
    this.bases = bases;
    this.monitor = monitor;
    this.watch =
        volume.isThin()
            ? null
            : new FillWatch(
                "the snapshot " + volume.fullName() + " of " + origin, this::status, monitor);
  }

  @Override
  public BlockDevice open(@Nullable CacheUse cache) throws IOException {
    return Volumes.openSource(
        volume.node(), origin + " (snapshot " + volume.fullName() + ")", cache);
  }

  @Override
  public boolean isFrozen() {
    return true;
  }

  /** Asks the kernel: what is in its cache can be read although the snapshot is lost. */
  @Override
  public void check() throws IOException {
    TargetStatus status = status();
    if (!status.whole()) {
      throw new Failure(
          ExitCode.SNAPSHOT_LOST,
          volume.isThin()
              ? "the thin snapshot %s of %s is lost: its pool failed (%s). The standby was not touched"
                  .formatted(volume.fullName(), origin, status.words())
              : ("the snapshot %s of %s is lost (%s): more was written to the volume meanwhile than"
                      + " it had room for. The standby was not touched. --snapshot-size gives it"
                      + " more")
                  .formatted(volume.fullName(), origin, status.words()));
    }
  }

  private TargetStatus status() throws IOException {
    try {
      return TargetStatus.parse(Lvm.status(volume.node()));
    } catch (FormatException e) {
      throw new Failure(
          ExitCode.SNAPSHOT_LOST,
          "whether the snapshot %s of %s is still whole cannot be told (%s). The standby was not touched"
              .formatted(volume.fullName(), origin, e.getMessage()),
          e);
    }
  }

  @Override
  public synchronized @Nullable ChangeSource changesSince(
      StandbyEpoch basis, long size, Monitor hears) throws IOException {
    return bases == null ? null : bases.since(basis, volume, size, hears);
  }

  @Override
  public synchronized void keep(StandbyEpoch basis, StandbyEpoch next, Monitor hears)
      throws IOException {
    if (bases != null) {
      bases.keep(basis, next, volume);
      kept = true;
    }
  }

  @Override
  public synchronized void acknowledged(StandbyEpoch now, Monitor hears) {
    if (bases != null) {
      bases.acknowledged(now, hears);
    }
  }

  /** The epoch stands as it is, so that a snapshot stays does not fail the run. */
  @Override
  public synchronized void close() {
    if (watch != null) {
      watch.close();
    }
    try (run) {
      if (!isStillKept()) {
        Lvm.remove(volume.fullName());
        run.forget();
      }
    } catch (IOException e) {
      monitor.warn(
          "the snapshot " + volume.fullName() + " stays until the next run: " + e.getMessage());
    }
  }

  /** A standby that it was kept for may have got a later epoch, while another read it still. */
  private boolean isStillKept() throws IOException {
    return kept && SnapshotTags.isKept(Lvm.get(volume.fullName()));
  }
}
