package snapferry.track;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.lvm.ChangesMode;
import snapferry.lvm.Hooks;
import snapferry.lvm.SnapshotMode;
import snapferry.lvm.SnapshotSettings;
import snapferry.lvm.SourceSnapshots;
import snapferry.replicate.Monitor;
import snapferry.replicate.Snapshot;
import snapferry.replicate.Snapshots;

/**
 * Takes snapshots of sources, and where a tracker of a source runs, has it tell what changed. Of
 * what nobody else can take a snapshot of, the tracker takes it.
 *
 * <pre>
 *  --pre ─▶ the tracker begins a generation ─▶ snapshot by LVM or reflink        ─▶ --post ─▶ what changed is collected
 *  --pre ─▶ the tracker begins a generation and freezes the volume, in one moment ─▶ --post ─▶ what changed is collected
 * </pre>
 *
 * <p>The order is what makes it right: a write that the snapshot does not hold comes after the
 * generation began, and is marked in it; one that it holds was marked before what changed is
 * collected.
 */
public final class TrackedSnapshots implements Snapshots {
  private final SnapshotSettings settings;
  private final Path stateRoot;
  private final Snapshots plain;
  private final Monitor monitor;

  /**
   * @param stateRoot where trackers are found
   * @param monitor hears what was taken
   */
  public TrackedSnapshots(SnapshotSettings settings, Path stateRoot, Monitor monitor) {
    this.settings = settings;
    this.stateRoot = stateRoot;
    this.plain = new SourceSnapshots(settings, stateRoot, monitor);
    this.monitor = monitor;
  }

  /**
   * The path of the volume behind a file that a tracker shows, or behind the UUID of a logical
   * volume; any other source as it is.
   */
  public static Path resolve(Path source, Path stateRoot) throws IOException {
    return TrackerPlace.resolve(SourceSnapshots.resolve(source), stateRoot);
  }

  @Override
  public Snapshot take(Path source) throws IOException {
    boolean byTracker = settings.mode() == SnapshotMode.TRACKER;
    boolean asked = byTracker || settings.changes() == ChangesMode.FUSE;
    ChangesMode changes = settings.changes();
    if (byTracker && (changes == ChangesMode.COW || changes == ChangesMode.THIN)) {
      throw new Failure(
          ExitCode.USAGE,
          "--changes "
              + changes.label()
              + " goes with a snapshot by LVM, and not with --snapshot tracker");
    }
    boolean narrows = changes == ChangesMode.AUTO || changes == ChangesMode.FUSE;
    boolean welcome = asked || narrows || isLastResort();
    if (!welcome || !Files.exists(source)) {
      return plain.take(source);
    }
    @Nullable TrackerConnection connection = connect(source, asked);
    if (connection == null) {
      return plain.take(source);
    }
    try {
      return new TrackedSnapshot(around(source, connection), connection, narrows);
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  /** Whether the tracker takes the snapshot if nobody else can, although all is to be read. */
  private boolean isLastResort() {
    return settings.mode() == SnapshotMode.AUTO && settings.changes() == ChangesMode.SCAN;
  }

  /** To the tracker of {@code source}; null if there is none and nobody asked for it. */
  private @Nullable TrackerConnection connect(Path source, boolean asked) throws IOException {
    @Nullable TrackerConnection connection = null;
    try {
      connection = TrackerPlace.of(stateRoot, source).connect();
    } catch (IOException e) {
      if (asked) {
        throw e;
      }
      monitor.warn("the tracker of " + source + " cannot be asked: " + e.getMessage());
    }
    if (connection == null && asked) {
      throw new Failure(
          ExitCode.USAGE,
          "no tracker of %s runs with the state directory %s: snapferry track starts one"
              .formatted(source, stateRoot));
    }
    return connection;
  }

  private Snapshot around(Path source, TrackerConnection connection) throws IOException {
    if (settings.mode() == SnapshotMode.NONE && settings.hasHooks()) {
      return plain.take(source); // Which says what is wrong.
    }
    return Hooks.around(settings, source, () -> take(source, connection));
  }

  private Snapshot take(Path source, TrackerConnection connection) throws IOException {
    if (settings.mode() != SnapshotMode.TRACKER) {
      connection.rotate();
      Snapshot taken = withoutHooks().take(source);
      if (taken.isFrozen() || settings.mode() == SnapshotMode.NONE) {
        return taken;
      }
      taken.close();
    }
    FrozenSnapshot frozen = FrozenSnapshot.take(source, connection, settings.cowSize());
    monitor.note("the tracker of " + source + " took a snapshot");
    return frozen;
  }

  private Snapshots withoutHooks() {
    return new SourceSnapshots(
        settings.withPre(null).withPost(null).withChanges(ChangesMode.SCAN), stateRoot, monitor);
  }
}
