package snapferry.lvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import snapferry.device.MappedDevice;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.Monitor;
import snapferry.replicate.Snapshot;
import snapferry.replicate.Snapshots;

/** Takes the kind of snapshot that goes with a source, or that the operator asks for. */
public final class SourceSnapshots implements Snapshots {
  private final SnapshotSettings settings;
  private final Path stateRoot;
  private final Monitor monitor;

  /**
   * @param stateRoot where the runs of this machine keep their state
   * @param monitor hears what was taken
   */
  public SourceSnapshots(SnapshotSettings settings, Path stateRoot, Monitor monitor) {
    this.settings = settings;
    this.stateRoot = stateRoot.toAbsolutePath().normalize();
    this.monitor = monitor;
  }

  /**
   * The path of a source that people name by the UUID of a logical volume; any other source as it
   * is.
   */
  public static Path resolve(Path source) throws IOException {
    if (!isUuid(source) || Files.exists(source)) {
      return source;
    }
    @Nullable LogicalVolume volume = Lvm.withUuid(source.toString());
    if (volume == null) {
      throw new Failure(
          ExitCode.USAGE,
          "neither a file nor a logical volume with the UUID " + source + " exists");
    }
    return volume.node();
  }

  /** Whether {@code source} is written as the UUID of a logical volume is. */
  public static boolean isUuid(Path source) {
    return LogicalVolume.UUID.matcher(source.toString()).matches();
  }

  @Override
  public Snapshot take(Path source) throws IOException {
    if (!Files.exists(source)) {
      return Snapshots.NONE.take(source); // Which says what is wrong.
    }
    Snapshot taken = takeAny(source);
    boolean byVolume =
        settings.changes() == ChangesMode.COW || settings.changes() == ChangesMode.THIN;
    if (byVolume && !(taken instanceof LvmSnapshot)) {
      taken.close();
      throw new Failure(
          ExitCode.USAGE,
          "--changes %s needs a snapshot by LVM, and of %s none is taken"
              .formatted(settings.changes().label(), source));
    }
    return taken;
  }

  private Snapshot takeAny(Path source) throws IOException {
    return switch (settings.mode()) {
      case NONE -> none(source);
      case LVM -> ofVolume(source, logicalVolume(source));
      case REFLINK -> ofFile(source);
      case TRACKER ->
          throw new Failure(ExitCode.USAGE, "no tracker of " + source + " takes part in this run");
      case AUTO -> best(source);
    };
  }

  private Snapshot none(Path source) throws IOException {
    if (settings.hasHooks()) {
      throw new Failure(
          ExitCode.USAGE,
          "--pre and --post go around the taking of a snapshot, and of "
              + source
              + " none is taken");
    }
    return Snapshots.NONE.take(source);
  }

  private Snapshot best(Path source) throws IOException {
    @Nullable MappedDevice device = MappedDevice.of(source);
    if (device == null) {
      return Files.isRegularFile(source) ? cloneIfPossible(source) : none(source);
    }
    if (!device.isLogicalVolume()) {
      return none(source);
    }
    LogicalVolume volume;
    try {
      volume = logicalVolume(source);
    } catch (Failure e) {
      if (e.exit() == ExitCode.INTERRUPTED) {
        throw e;
      }
      monitor.note("no snapshot of " + source + ": " + e.getMessage());
      return none(source);
    }
    return volume.isClassicSnapshot() ? none(source) : ofVolume(source, volume);
  }

  private LogicalVolume logicalVolume(Path source) throws IOException {
    @Nullable MappedDevice device = MappedDevice.of(source);
    @Nullable LogicalVolume volume =
        device == null || !device.isLogicalVolume() ? null : Lvm.find(device);
    if (volume == null) {
      throw new Failure(
          ExitCode.USAGE, source + " is no logical volume: --snapshot none reads it as it is");
    }
    return volume;
  }

  private Snapshot ofVolume(Path source, LogicalVolume origin) throws IOException {
    LvmSnapshots snapshots =
        new LvmSnapshots(source.toString(), origin, settings, stateRoot, monitor);
    snapshots.removeLeftovers();
    return Hooks.around(settings, source, snapshots::take);
  }

  private Snapshot ofFile(Path source) throws IOException {
    try {
      return Hooks.around(settings, source, () -> FileClone.of(source));
    } catch (Failure e) {
      throw e;
    } catch (IOException e) {
      throw new Failure(
          ExitCode.FAILED,
          "%s cannot be cloned (%s): --snapshot none reads it as it is"
              .formatted(source, e.getMessage()),
          e);
    }
  }

  private Snapshot cloneIfPossible(Path source) throws IOException {
    FileClone probe;
    try {
      probe = FileClone.of(source);
    } catch (IOException e) {
      monitor.note("no clone of " + source + ": " + e.getMessage());
      return none(source);
    }
    if (!settings.hasHooks()) {
      return probe;
    }
    probe.close();
    return ofFile(source);
  }
}
