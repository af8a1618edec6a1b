package snapferry.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.lvm.SnapshotSettings;
import snapferry.lvm.StandbyHistory;
import snapferry.replicate.FormerSource;
import snapferry.replicate.LocalSourcePlace;
import snapferry.replicate.LocalStandbyPlace;
import snapferry.replicate.Monitor;
import snapferry.replicate.Session;
import snapferry.replicate.SourcePlace;
import snapferry.replicate.SourceReading;
import snapferry.replicate.StandbyPlace;
import snapferry.track.TrackedSnapshots;
import snapferry.wire.Purpose;

/**
 * What a server gives out: one volume, under whatever name; or those that are allowed by name, and
 * then no other, whatever the client says.
 */
final class ServedVolumes implements Session.Volumes, Closeable {
  private final @Nullable Path only;
  private final Map<String, ServeArguments.Allowed> allowed;
  private final Path stateRoot;
  private final SourceReading reading;
  private final SnapshotSettings snapshot;
  private final Keeping keeping;
  private final @Nullable UUID promotedFrom;
  private final long maxSize;
  private final Monitor monitor;
  private final List<LocalSourcePlace> sources = new ArrayList<>();

  private ServedVolumes(
      @Nullable Path only,
      Map<String, ServeArguments.Allowed> allowed,
      Path stateRoot,
      SourceReading reading,
      SnapshotSettings snapshot,
      Keeping keeping,
      @Nullable UUID promotedFrom,
      long maxSize,
      Monitor monitor) {
    this.only = only;
    this.allowed = allowed;
    this.stateRoot = stateRoot;
    this.reading = reading;
    this.snapshot = snapshot;
    this.keeping = keeping;
    this.promotedFrom = promotedFrom;
    this.maxSize = maxSize;
    this.monitor = monitor;
  }

  /** As {@code serve} was told. */
  static ServedVolumes of(ServeArguments arguments, Monitor monitor) {
    return new ServedVolumes(
        arguments.volume(),
        arguments.allowed(),
        StateRoot.of(arguments.stateDirectory()),
        arguments.load().reading(),
        arguments.snapshot(),
        arguments.keeping(),
        arguments.promotedFrom(),
        arguments.maxSize(),
        monitor);
  }

  /**
   * One volume, a standby.
   *
   * @param promotedFrom if it is not null, it must be the source of that volume
   */
  static ServedVolumes only(
      Path volume, Path stateRoot, Keeping keeping, @Nullable UUID promotedFrom, Monitor monitor) {
    return new ServedVolumes(
        volume,
        Map.of(),
        stateRoot,
        SourceReading.DEFAULT,
        SnapshotSettings.DEFAULT,
        keeping,
        promotedFrom,
        Geometry.MAX_SIZE,
        monitor);
  }

  @Override
  public SourcePlace source(String name) throws IOException {
    return source(only == null ? find(name).path() : only);
  }

  private LocalSourcePlace source(Path path) throws IOException {
    LocalSourcePlace source =
        new LocalSourcePlace(
            TrackedSnapshots.resolve(path, stateRoot),
            stateRoot,
            new TrackedSnapshots(snapshot, stateRoot, monitor),
            reading,
            monitor);
    sources.add(source);
    return source;
  }

  @Override
  public StandbyPlace standby(String name, Purpose purpose) throws IOException {
    if (only != null) {
      return standby(only);
    }
    ServeArguments.Allowed volume = find(name);
    if (volume.readOnly() && purpose == Purpose.REPLICATE) {
      throw new Failure(ExitCode.USAGE, "this server serves " + name + " for reading only");
    }
    return standby(volume.path());
  }

  private StandbyPlace standby(Path path) throws IOException {
    StandbyPlace place = standby(path, stateRoot, keeping, maxSize, monitor);
    return promotedFrom == null ? place : new FormerSource(place, source(path), promotedFrom);
  }

  /** The place of a standby of this host, which may be as large as it likes. */
  static StandbyPlace standby(Path path, Path stateRoot, Keeping keeping, Monitor monitor) {
    return standby(path, stateRoot, keeping, Geometry.MAX_SIZE, monitor);
  }

  private static StandbyPlace standby(
      Path path, Path stateRoot, Keeping keeping, long maxSize, Monitor monitor) {
    StandbyPlace place = new LocalStandbyPlace(path, stateRoot, keeping.epochs(), maxSize);
    return keeping.snapshots() == 0
        ? place
        : new StandbyHistory(place, path, keeping.snapshots(), monitor);
  }

  /** Says nothing of the names that there are. */
  private ServeArguments.Allowed find(String name) throws Failure {
    ServeArguments.Allowed volume = allowed.get(name);
    if (volume == null) {
      throw new Failure(
          ExitCode.USAGE,
          "this server serves only volumes by name, and "
              + (name.isEmpty() ? "none was asked for (HOST:NAME)" : "none called " + name));
    }
    return volume;
  }

  @Override
  public void close() throws IOException {
    for (LocalSourcePlace source : sources) {
      source.close();
    }
  }
}
