package snapferry.replicate;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import snapferry.change.ChangeSource;
import snapferry.device.BlockDevice;
import snapferry.device.CacheUse;

/** A snapshot that stands before another, to which it hands on all that it does not do itself. */
public abstract class ForwardingSnapshot implements Snapshot {
  private final Snapshot snapshot;

  /**
   * @param snapshot closed with this
   */
  protected ForwardingSnapshot(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  @Override
  public BlockDevice open(@Nullable CacheUse cache) throws IOException {
    return snapshot.open(cache);
  }

  @Override
  public boolean isFrozen() {
    return snapshot.isFrozen();
  }

  @Override
  public void check() throws IOException {
    snapshot.check();
  }

  @Override
  public @Nullable ChangeSource changesSince(StandbyEpoch basis, long size, Monitor monitor)
      throws IOException {
    return snapshot.changesSince(basis, size, monitor);
  }

  @Override
  public void keep(StandbyEpoch basis, StandbyEpoch next, Monitor monitor) throws IOException {
    snapshot.keep(basis, next, monitor);
  }

  @Override
  public void acknowledged(StandbyEpoch now, Monitor monitor) throws IOException {
    snapshot.acknowledged(now, monitor);
  }

  @Override
  public void close() throws IOException {
    snapshot.close();
  }
}
