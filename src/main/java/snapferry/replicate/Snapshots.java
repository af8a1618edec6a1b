package snapferry.replicate;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import snapferry.device.BlockDevice;
import snapferry.device.CacheUse;
import snapferry.device.Volumes;

/** Takes snapshots of sources: adapters to what can do that implement it. */
public interface Snapshots {
  /**
   * Takes a snapshot, or hands out the volume itself.
   *
   * @param source the file or device
   */
  Snapshot take(Path source) throws IOException;

  /** Takes none: the volume is read as it is, and whoever writes to it meanwhile is seen. */
  Snapshots NONE = Live::new;

  /** The volume itself. */
  record Live(Path source) implements Snapshot {
    @Override
    public BlockDevice open(@Nullable CacheUse cache) throws IOException {
      return Volumes.openSource(source, cache);
    }

    @Override
    public boolean isFrozen() {
      return false;
    }

    @Override
    public void check() {}

    @Override
    public void close() {}
  }
}
