package snapferry.lvm;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import snapferry.codec.FormatException;
import snapferry.device.LocalStateDirectory;
import snapferry.replicate.Monitor;

/**
 * A moment of a thin pool's metadata that can be read while the pool goes on. A pool holds one, for
 * whoever reserved it. A file says that it was us: written before, removed after, under a lock; so
 * one that a killed run of ours left is released by the next, and somebody else's is respected.
 */
final class MetadataSnapshot implements Closeable {
  private static final String RESERVED = "reserved";

  /** {@code 0 614400 thin-pool 2 214/2048 0/4800 17 rw …}: transaction, metadata, data, held. */
  private static final Pattern POOL =
      Pattern.compile("0 \\d{1,18} thin-pool \\d{1,18} \\d+/\\d+ \\d+/\\d+ (\\d{1,18}|-) .*\\n");

  private final LogicalVolume pool;
  private final LocalStateDirectory state;

  private MetadataSnapshot(LogicalVolume pool, LocalStateDirectory state) {
    this.pool = pool;
    this.state = state;
  }

  /**
   * Reserves one. Runs of other volumes of the pool take turns.
   *
   * @param patience how long to wait for the turn
   * @param monitor hears that this waits
   * @throws IOException if another program holds it, or other runs do for longer than that
   */
  static MetadataSnapshot reserve(
      LogicalVolume pool, Path stateRoot, Duration patience, Monitor monitor) throws IOException {
    LocalStateDirectory state =
        LocalStateDirectory.await(
            stateRoot.resolve("pools").resolve(pool.uuid()),
            patience,
            () ->
                monitor.note(
                    "waits for its turn at the metadata of the pool %s, at most %d s"
                        .formatted(pool.fullName(), patience.toSeconds())));
    MetadataSnapshot snapshot = new MetadataSnapshot(pool, state);
    try {
      snapshot.reserve();
      return snapshot;
    } catch (IOException e) {
      state.close();
      throw e;
    }
  }

  private void reserve() throws IOException {
    if (isHeld()) {
      if (!state.exists(RESERVED)) {
        throw new FormatException("another program holds the metadata of " + pool.fullName());
      }
      message("release_metadata_snap");
    }
    state.replace(RESERVED, new byte[0]);
    try {
      message("reserve_metadata_snap");
    } catch (IOException e) {
      state.delete(RESERVED);
      throw e;
    }
  }

  private boolean isHeld() throws IOException {
    Matcher status = POOL.matcher(Lvm.status(target()));
    if (!status.matches()) {
      throw new FormatException("the state of the pool " + pool.fullName() + " is not known");
    }
    return !status.group(1).equals("-");
  }

  private void message(String text) throws IOException {
    Lvm.message(target(), text);
  }

  /** The device below that of the pool, which knows of thin volumes. */
  private Path target() {
    return Path.of(pool.node() + "-tpool");
  }

  /** The device that holds the metadata. */
  Path device() {
    return Path.of(pool.node() + "_tmeta");
  }

  @Override
  public void close() throws IOException {
    try (state) {
      message("release_metadata_snap");
      state.delete(RESERVED);
    }
  }
}
