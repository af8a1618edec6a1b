package snapferry.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import snapferry.config.Period;
import snapferry.failure.Failure;
import snapferry.lvm.SnapshotSettings;
import snapferry.ssh.Endpoint;
import snapferry.wire.Purpose;

/** What {@code push} and {@code pull} have in common: everything but the side that is remote. */
abstract class ReplicationCommand extends Command {
  private static final String PATROL = "--patrol";

  private final Interruption interruption;

  private final OutputOptions output = with(new OutputOptions());
  private final WishOptions wishes = with(new WishOptions());
  private final SessionOptions session = with(new SessionOptions());

  private final Flag dryRun =
      with(new Flag("-n, --dry-run", "Find and count the differences; write nothing."));

  private final Option patrol =
      with(
          Option.of(
              PATROL,
              "PERIOD",
              "With each run, read a part of both ends again that no hint asks for, so that all of them is"
                  + " read within this time, as in 30d; what is found to be wrong is made right. Default:"
                  + " never."));

  private final Flag statistics = with(new Flag("--stats", "Print all counters at the end."));

  private final Operand source = with(Operand.required(0, "SOURCE", "The volume."));

  private final Operand target = with(Operand.required(1, "TARGET", "Its standby."));

  ReplicationCommand(Interruption interruption, String name, String... description) {
    super(name, description);
    this.interruption = interruption;
  }

  /** Refuses endpoints that this command is not for. */
  abstract void check(Endpoint source, Endpoint target) throws Failure;

  @Override
  public Integer call() {
    return Run.of(() -> replication(interruption), output, interruption);
  }

  /** Makes a task of what was typed. */
  final Replication replication(Interruption interruption) throws Failure {
    Endpoint from = Endpoint.parse(source.value());
    Endpoint to = Endpoint.parse(target.value());
    check(from, to);
    return session.replication(
        dryRun.isGiven() ? Purpose.DRY_RUN : Purpose.REPLICATE,
        from,
        to,
        wishes.wishes(),
        patrol(),
        statistics.isGiven(),
        interruption);
  }

  private @Nullable Duration patrol() throws Failure {
    String text = patrol.text();
    return text == null ? null : Period.parse(PATROL, text);
  }

  /** How it takes a snapshot of its source, if that is here. */
  final SnapshotSettings snapshotSettings() throws Failure {
    return session.snapshotSettings();
  }

  /** Whether it would write nothing. */
  final boolean isDryRun() {
    return dryRun.isGiven();
  }

  /** Refuses values that make no sense, which a run finds out when it comes to them. */
  final void checkValues() throws Failure {
    wishes.wishes();
    session.check();
    patrol();
  }
}
