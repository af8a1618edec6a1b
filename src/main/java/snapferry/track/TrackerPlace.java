package snapferry.track;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.device.Volumes;
import snapferry.replicate.PathKey;

/**
 * Where what belongs to the tracker of a volume is:
 *
 * <pre>
 *  STATE-ROOT/trackers/HASH/dirty-map
 *  STATE-ROOT/trackers/HASH/control     the socket
 *  STATE-ROOT/trackers/HASH/tracker     what is tracked, and where it is shown
 *  STATE-ROOT/trackers/HASH/lock        of the tracker that runs
 * </pre>
 *
 * <p>HASH is of the lasting name of the volume. It stands alone because the address of a socket may
 * have no more than {@value snapferry.posix.LocalSocket#MAX_PATH} bytes.
 *
 * @param directory the one of a volume
 */
public record TrackerPlace(Path directory) {
  /** The place of the tracker of {@code volume}, whether or not there is one. */
  public static TrackerPlace of(Path stateRoot, Path volume) throws IOException {
    return new TrackerPlace(root(stateRoot).resolve(PathKey.hash(Volumes.lastingName(volume))));
  }

  /** The places of all trackers that were ever started, in the order of their names. */
  public static List<TrackerPlace> all(Path stateRoot) throws IOException {
    List<TrackerPlace> places = new ArrayList<>();
    if (Files.isDirectory(root(stateRoot))) {
      try (DirectoryStream<Path> directories = Files.newDirectoryStream(root(stateRoot))) {
        for (Path directory : directories) {
          if (Files.exists(directory.resolve(TrackerDescription.FILE))) {
            places.add(new TrackerPlace(directory));
          }
        }
      }
    }
    places.sort((one, other) -> one.directory.compareTo(other.directory));
    return places;
  }

  private static Path root(Path stateRoot) {
    return stateRoot.toAbsolutePath().normalize().resolve("trackers");
  }

  /** The volume behind a file that a tracker shows; any other source as it is. */
  public static Path resolve(Path source, Path stateRoot) throws IOException {
    for (TrackerPlace place : all(stateRoot)) {
      try {
        TrackerDescription description = place.description();
        if (description.shows(source)) {
          return description.volume();
        }
      } catch (FormatException e) {
        // What another tracker has written there does not concern this source.
      }
    }
    return source;
  }

  /** HASH, which names the volume. */
  String key() {
    return directory.getFileName().toString();
  }

  Path socket() {
    return directory.resolve("control");
  }

  /**
   * What is or was tracked here.
   *
   * @throws FormatException if what says so is garbled
   */
  public TrackerDescription description() throws IOException {
    return TrackerDescription.load(directory);
  }

  /** Connects to the tracker; null if none runs here. */
  public @Nullable TrackerConnection connect() throws IOException {
    return Files.exists(socket()) ? TrackerConnection.open(socket()) : null;
  }
}
