package snapferry.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import snapferry.failure.Failure;
import snapferry.lvm.SnapshotSettings;
import snapferry.ssh.Endpoint;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** What every session between two endpoints can be told. */
final class SessionOptions extends OptionGroup {
  private final SnapshotOptions snapshot = with(new SnapshotOptions());
  private final LineOptions line = with(new LineOptions());
  private final LoadOptions load = with(new LoadOptions());
  private final StateOptions state = with(new StateOptions());

  /**
   * A session as it was asked for.
   *
   * @param patrol within which time to read all of both ends again; null for never
   * @param statistics whether to print all counters
   */
  Replication replication(
      Purpose purpose,
      Endpoint source,
      Endpoint target,
      Wishes wishes,
      @Nullable Duration patrol,
      boolean statistics,
      Interruption interruption)
      throws Failure {
    return new Replication(
        purpose,
        source,
        target,
        wishes,
        snapshot,
        line,
        load,
        patrol,
        state.root(),
        statistics,
        interruption);
  }

  StateOptions state() {
    return state;
  }

  /** How a snapshot of a source that is here is taken. */
  SnapshotSettings snapshotSettings() throws Failure {
    return snapshot.settings();
  }

  /** Refuses values that make no sense. */
  void check() throws Failure {
    snapshot.check();
    line.check();
    load.load();
  }
}
