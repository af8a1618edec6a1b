package snapferry.track;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import snapferry.replicate.Monitor;

/**
 * Tracks the writes to one volume, and answers those who ask about them. The only way to the volume
 * while this is open is {@link #file}.
 */
public final class Tracker implements Closeable {
  private final Path path;
  private final StateDirectory directory;
  private final BlockDevice device;
  private final boolean readOnly;
  private final DirtyMap map;
  private final TrackedVolume volume;
  private final ControlServer control;

  /**
   * What to track and how.
   *
   * @param volume the device or file
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

  private Tracker(
      Path path,
      StateDirectory directory,
      BlockDevice device,
      boolean readOnly,
      DirtyMap map,
      TrackedVolume volume,
      ControlServer control) {
    this.path = path;
    this.directory = directory;
    this.device = device;
    this.readOnly = readOnly;
    this.map = map;
    this.volume = volume;
    this.control = control;
  }

  /**
   * Begins to track.
   *
   * @param monitor hears what has become of earlier marks
   * @throws Failure {@link ExitCode#LOCKED} if it is tracked already, {@link ExitCode#BUSY} if it
   *     is mounted or held, {@link ExitCode#SIZE} if it is too large for its regions
   */
  public static Tracker open(Settings settings, Monitor monitor) throws IOException {
    if (!Files.exists(settings.volume())) {
      throw new Failure(ExitCode.USAGE, settings.volume() + " does not exist");
    }
    Path path = Volumes.lastingName(settings.volume());
    TrackerPlace place = TrackerPlace.of(settings.stateRoot(), path);
    StateDirectory directory = LocalStateDirectory.open(place.directory());
    try {
      // Held also when nobody may write through us: what others wrote would not be marked.
      BlockDevice device = Volumes.openTarget(path);
      try {
        return open(settings, path, place, directory, device, monitor);
      } catch (IOException e) {
        device.close();
        throw e;
      }
    } catch (IOException e) {
      directory.close();
      throw e;
    }
  }

  private static Tracker open(
      Settings settings,
      Path path,
      TrackerPlace place,
      StateDirectory directory,
      BlockDevice device,
      Monitor monitor)
      throws IOException {
    TrackerDescription description =
        TrackerDescription.of(path, settings.mountpoint(), settings.name());
    VolumeSight now = VolumeSight.of(path, device.size());
    DirtyMap map = DirtyMap.open(directory, settings.region(), now, monitor);
    try {
      directory.replace(TrackerDescription.FILE, description.encode());
      TrackedVolume volume =
          new TrackedVolume(
              settings.name(), place.key(), device, !settings.readOnly(), map, directory);
      TrackerReport report = new TrackerReport(description, volume, map);
      ControlServer control =
          ControlServer.start(
              place.socket(), channel -> new ControlSession(channel, volume, map, report));
      return new Tracker(path, directory, device, settings.readOnly(), map, volume, control);
    } catch (IOException e) {
      map.close();
      throw e;
    }
  }

  /** The volume, to be served: writes to it are tracked. */
  public ServedFile file() {
    return volume;
  }

  /** Size of a region in bytes. */
  public int regionBytes() {
    return map.regions().blockSize().bytes();
  }

  /**
   * Ends in good order: to be called when nobody writes any more. What was written is durable then,
   * and what the volume looks like is on record, so that the next start sees whether others wrote.
   */
  @Override
  public void close() throws IOException {
    try (directory;
        device;
        map;
        control) {
      if (!readOnly) {
        device.sync();
      }
      map.stop(VolumeSight.of(path, device.size()));
    }
  }
}
