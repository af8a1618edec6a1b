package snapferry.track;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import snapferry.device.BlockDevice;
import snapferry.device.CacheUse;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
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
    try {
      return new FrozenSnapshot(source, connection, connection.freeze(room));
    } catch (Failure e) {
      throw e;
    } catch (IOException e) {
      throw lost(source, e);
    }
  }

  @Override
  public BlockDevice open(@Nullable CacheUse cache) {
    return new FrozenDevice(source + " (snapshot of its tracker)", connection, size);
  }

  @Override
  public boolean isFrozen() {
    return true;
  }

  /** A tracker that ended has taken its snapshot along. */
  @Override
  public void check() throws IOException {
    try {
      connection.check();
    } catch (Failure e) {
      throw e;
    } catch (IOException e) {
      throw lost(source, e);
    }
  }

  private static Failure lost(Path source, IOException cause) {
    return new Failure(
        ExitCode.SNAPSHOT_LOST,
        "the tracker of "
            + source
            + " ended, and its snapshot with it ("
            + cause.getMessage()
            + "). The standby was not touched. Run again when it is back",
        cause);
  }

  /** The connection is closed by who made it. */
  @Override
  public void close() {}
}
