package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import snapferry.change.ChangeSource;
import snapferry.device.BlockDevice;
import snapferry.device.CacheUse;

/** What a run reads: a point in time of its source. Gone when it is closed, unless it is kept. */
public interface Snapshot extends Closeable {
  /**
   * Opens it for reading. To be closed before the snapshot.
   *
   * @param cache what reading it does to the page cache; null for what is usual
   */
  BlockDevice open(@Nullable CacheUse cache) throws IOException;

  /** Whether it stays as it is whoever writes to the source. */
  boolean isFrozen();

  /**
   * Makes sure that all that was read is what the source held when the snapshot was taken.
   *
   * @throws snapferry.failure.Failure {@link snapferry.failure.ExitCode#SNAPSHOT_LOST} if that is
   *     not known
   */
  void check() throws IOException;

  /**
   * What narrows the reading of it for a standby that holds {@code basis}; null when nothing is
   * kept of that time, and everything has to be read.
   *
   * @param size bytes of the volume
   * @param monitor hears why, as all that follow
   */
  default @Nullable ChangeSource changesSince(StandbyEpoch basis, long size, Monitor monitor)
      throws IOException {
    return null;
  }

  /**
   * The standby may hold {@code next} from now on, instead of {@code basis}: where changes are to
   * be found by snapshots, neither may be lost before it is known which.
   */
  default void keep(StandbyEpoch basis, StandbyEpoch next, Monitor monitor) throws IOException {}

  /** The standby holds {@code now}: nothing is needed any more of what it held before. */
  default void acknowledged(StandbyEpoch now, Monitor monitor) throws IOException {}
}
