package snapferry.track;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import snapferry.device.BlockDevice;
import snapferry.device.LocalStateDirectory;
import snapferry.device.StateDirectory;
import snapferry.device.VolumeSight;
import snapferry.device.Volumes;
import snapferry.extent.BlockSize;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.fuse.ServedFile;
import snapferry.lvm.SourceSnapshots;
import snapferry.replicate.Monitor;

/**
 * Tracks the writes to one volume, and answers those who ask about them. The only way to the volume
 * while this is open is {@link #file}.
 *
 * <pre>
 *  open: lock, volume held, nothing changed ─▶ begin: map renewed, description, socket ─▶ file served
 * </pre>
 */
public final class Tracker implements Closeable {
  private final Settings settings;
  private final Path path;
  private final TrackerPlace place;
  private final TrackerDescription description;
  private final StateDirectory directory;
  private final BlockDevice device;
  private final TrackedVolume volume;
  private @Nullable Tracking tracking;

  /**
   * What to track and how.
   *
   * @param volume the device or file, or the UUID of a logical volume
   * @param stateRoot where state of this host is kept
   * @param mountpoint where it will be shown
   * @param name its name there
   * @param region size of a region; null for the one it had before, or the usual one
   * @param readOnly whether nothing may be written
   */
  public record Settings(
      Path volume,
      Path stateRoot,
      Path mountpoint,
      String name,
      @Nullable BlockSize region,
      boolean readOnly) {}

  /** What there is only from the beginning on. */
  private record Tracking(DirtyMap map, ControlServer control) {}

  private Tracker(
      Settings settings,
      Path path,
      TrackerPlace place,
      TrackerDescription description,
      StateDirectory directory,
      BlockDevice device)
      throws IOException {
    this.settings = settings;
    this.path = path;
    this.place = place;
    this.description = description;
    this.directory = directory;
    this.device = device;
    this.volume =
        new TrackedVolume(settings.name(), place.key(), device, !settings.readOnly(), directory);
  }

  /**
   * Takes hold of the volume. Nothing is changed yet: a start that does not come up must not leave
   * a map that was renewed, or a description of what is not so.
   *
   * @throws Failure {@link ExitCode#LOCKED} if it is tracked already, {@link ExitCode#BUSY} if it
   *     is mounted or held
   */
  public static Tracker open(Settings settings) throws IOException {
    Path volume = SourceSnapshots.resolve(settings.volume());
    if (!Files.exists(volume)) {
      throw new Failure(ExitCode.USAGE, volume + " does not exist");
    }
    Path path = Volumes.lastingName(volume);
    TrackerPlace place = TrackerPlace.of(settings.stateRoot(), path);
    ControlServer.requireRoom(place.socket());
    TrackerDescription description =
        TrackerDescription.of(path, settings.mountpoint(), settings.name());
    StateDirectory directory = LocalStateDirectory.open(place.directory());
    try {
      // Held also when nobody may write through us: what others wrote would not be marked.
      BlockDevice device = Volumes.hold(path, !settings.readOnly());
      try {
        return new Tracker(settings, path, place, description, directory, device);
      } catch (IOException e) {
        try (device) {
          throw e;
        }
      }
    } catch (IOException e) {
      try (directory) {
        throw e;
      }
    }
  }

  /**
   * Begins to track, and to answer who asks; to be called once, before the first request for {@link
   * #file}.
   *
   * @param monitor hears what has become of earlier marks
   * @throws Failure {@link ExitCode#SIZE} if the volume is too large for its regions
   */
  public void begin(Monitor monitor) throws IOException {
    VolumeSight now = VolumeSight.of(path, device.size());
    DirtyMap map = DirtyMap.open(directory, settings.region(), now, monitor);
    try {
      volume.begin(map);
      directory.replace(TrackerDescription.FILE, description.encode());
      TrackerReport report = new TrackerReport(description, volume, map);
      ControlServer control =
          ControlServer.start(
              place.socket(), channel -> new ControlSession(channel, volume, map, report));
      tracking = new Tracking(map, control);
    } catch (IOException e) {
      try (map) {
        throw e;
      }
    }
  }

  /** The volume, to be served: writes to it are tracked. */
  public ServedFile file() {
    return volume;
  }

  /** What is tracked and where it is shown. */
  public Settings settings() {
    return settings;
  }

  /** Size of a region in bytes, once it has begun. */
  public int regionBytes() {
    return Objects.requireNonNull(tracking, "not begun").map().regions().blockSize().bytes();
  }

  /**
   * Ends in good order: to be called when nobody writes any more. What was written is durable then,
   * and what the volume looks like is on record, so that the next start sees whether others wrote.
   */
  @Override
  public void close() throws IOException {
    try (directory;
        device) {
      if (tracking != null) {
        end(tracking);
      }
    }
  }

  private void end(Tracking ending) throws IOException {
    try (DirtyMap map = ending.map();
        ControlServer control = ending.control()) {
      if (!settings.readOnly()) {
        device.sync();
      }
      map.stop(VolumeSight.of(path, device.size()));
    }
  }
}
