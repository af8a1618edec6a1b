package snapferry.track;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import snapferry.device.BlockDevice;
import snapferry.device.CacheUse;
import snapferry.replicate.Snapshot;

/**
 * A snapshot that a tracker keeps: of any device or file.
 *
 * @param source what the operator calls the volume
 * @param size its bytes
 */
record FrozenSnapshot(Path source, TrackerConnection connection, long size) implements Snapshot {
  /**
   * Has the tracker take one.
   *
   * @param room most bytes to copy away; 0 for as much as there is
   */
  static FrozenSnapshot take(Path source, TrackerConnection connection, long room)
      throws IOException {
    return new FrozenSnapshot(source, connection, connection.freeze(source, room));
  }

  @Override
  public BlockDevice open(@Nullable CacheUse cache) {
    return new FrozenDevice(source + " (snapshot of its tracker)", connection, size);
  }

  @Override
  public boolean isFrozen() {
    return true;
  }

  @Override
  public void check() throws IOException {
    connection.check();
  }

  /** The connection is closed by who made it. */
  @Override
  public void close() {}
}
