package snapferry.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import snapferry.config.Period;
import snapferry.failure.Failure;
import snapferry.lvm.SnapshotSettings;
import snapferry.ssh.Endpoint;
import snapferry.wire.Purpose;

/** What {@code push} and {@code pull} have in common: everything but the side that is remote. */
abstract class ReplicationCommand implements Callable<Integer> {
  private static final String PATROL = "--patrol";

  private final Interruption interruption;

  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final WishOptions wishes = new WishOptions();
  @Mixin private final SnapshotOptions snapshot = new SnapshotOptions();
  @Mixin private final LineOptions line = new LineOptions();
  @Mixin private final LoadOptions load = new LoadOptions();
  @Mixin private final StateOptions state = new StateOptions();

  @Option(
      names = {"-n", "--dry-run"},
      description = "Find and count the differences; write nothing.")
  private boolean dryRun;

  @Option(
      names = PATROL,
      paramLabel = "PERIOD",
      description =
          "With each run, read a part of both ends again that no hint asks for, so that all of them is"
              + " read within this time, as in 30d; what is found to be wrong is made right. Default:"
              + " never.")
  private @Nullable String patrol;

  @Option(names = "--stats", description = "Print all counters at the end.")
  private boolean statistics;

  @Parameters(index = "0", paramLabel = "SOURCE", description = "The volume.")
  private String source = "";

  @Parameters(index = "1", paramLabel = "TARGET", description = "Its standby.")
  private String target = "";

  ReplicationCommand(Interruption interruption) {
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
    Endpoint from = Endpoint.parse(source);
    Endpoint to = Endpoint.parse(target);
    check(from, to);
    return new Replication(
        dryRun ? Purpose.DRY_RUN : Purpose.REPLICATE,
        from,
        to,
        wishes.wishes(),
        snapshot,
        line,
        load,
        patrol(),
        state.root(),
        statistics,
        interruption);
  }

  private @Nullable Duration patrol() throws Failure {
    return patrol == null ? null : Period.parse(PATROL, patrol);
  }

  /** How it takes a snapshot of its source, if that is here. */
  final SnapshotSettings snapshotSettings() throws Failure {
    return snapshot.settings();
  }

  /** Whether it would write nothing. */
  final boolean isDryRun() {
    return dryRun;
  }

  /** Refuses values that make no sense, which a run finds out when it comes to them. */
  final void checkValues() throws Failure {
    wishes.wishes();
    snapshot.check();
    line.check();
    load.load();
    patrol();
  }
}
