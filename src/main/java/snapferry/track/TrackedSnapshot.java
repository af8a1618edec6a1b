package snapferry.track;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import snapferry.change.ChangeMap;
import snapferry.change.ChangeSource;
import snapferry.replicate.ForwardingSnapshot;
import snapferry.replicate.Monitor;
import snapferry.replicate.Snapshot;
import snapferry.replicate.StandbyEpoch;

/**
 * A snapshot of a tracked volume, by whatever means, which was taken after the tracker began a
 * generation: the tracker knows what changed since the one before. All that a tracker that is lost
 * costs is reading.
 */
final class TrackedSnapshot extends ForwardingSnapshot {
  /** The change source in the summary. */
  static final String CHANGES = "fuse";

  private final TrackerConnection connection;
  private final boolean narrows;

  /**
   * @param narrows whether the tracker is asked what changed; what the standby holds it hears
   *     anyway
   */
  TrackedSnapshot(Snapshot snapshot, TrackerConnection connection, boolean narrows) {
    super(snapshot);
    this.connection = connection;
    this.narrows = narrows;
  }

  /**
   * Asked after the snapshot was taken: what was written between the generation and it is told too.
   */
  @Override
  public @Nullable ChangeSource changesSince(StandbyEpoch basis, long size, Monitor monitor)
      throws IOException {
    if (!narrows) {
      return null;
    }
    ChangeMap changes = new ChangeMap(CHANGES, size);
    try {
      if (!connection.collect(basis, changes, size)) {
        monitor.note("the tracker does not know epoch " + basis.epoch() + ": everything is read");
        return null;
      }
    } catch (IOException e) {
      monitor.warn(
          "what changed since epoch %d cannot be told by the tracker (%s): everything is read"
              .formatted(basis.epoch(), e.getMessage()));
      return null;
    }
    monitor.note(
        "%s: %d KiB of %d MiB may differ from epoch %d"
            .formatted(CHANGES, changes.bytesToRead() >> 10, size >> 20, basis.epoch()));
    return changes;
  }

  @Override
  public void keep(StandbyEpoch basis, StandbyEpoch next, Monitor monitor) throws IOException {
    try {
      connection.keep(basis, next);
    } catch (IOException e) {
      monitor.warn(
          "the tracker cannot remember epoch %d (%s): the next run reads everything"
              .formatted(next.epoch(), e.getMessage()));
    }
  }

  @Override
  public void acknowledged(StandbyEpoch now, Monitor monitor) throws IOException {
    try {
      connection.acknowledge(now);
    } catch (IOException e) {
      monitor.note("the tracker did not hear of the acknowledgement: " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    try (connection) {
      super.close();
    }
  }
}
