package snapferry.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import snapferry.failure.Failure;
import snapferry.ssh.Endpoint;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** {@code reverse}: the old source becomes the standby of what was promoted. */
@Command(
    name = "reverse",
    description = {
      "Make the old source of a promoted image the standby of that: what the old source held beyond"
          + " the promoted epoch is overwritten, and only what differs is sent.",
      "PROMOTED is here. OLD-SOURCE is a path here or [USER@]HOST:PATH, and must be on record there"
          + " as the volume that PROMOTED was the standby of."
    })
final class ReverseCommand implements Callable<Integer> {
  private static final Wishes ADOPT = new Wishes(true, false, false, false, null, null);

  private final Interruption interruption;

  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final SnapshotOptions snapshot = new SnapshotOptions();
  @Mixin private final LineOptions line = new LineOptions();
  @Mixin private final LoadOptions load = new LoadOptions();
  @Mixin private final StateOptions state = new StateOptions();

  @Option(
      names = {"-n", "--dry-run"},
      description = "Find and count the differences; write nothing.")
  private boolean dryRun;

  @Option(names = "--stats", description = "Print all counters at the end.")
  private boolean statistics;

  @Parameters(index = "0", paramLabel = "PROMOTED", description = "The image that is in use.")
  private String promoted = "";

  @Parameters(index = "1", paramLabel = "OLD-SOURCE", description = "What was its source.")
  private String formerSource = "";

  ReverseCommand(Interruption interruption) {
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return Run.of(this::prepare, output, interruption);
  }

  private Task prepare() throws Failure {
    Endpoint target = Endpoint.parse(formerSource);
    Replication replication =
        new Replication(
            dryRun ? Purpose.DRY_RUN : Purpose.REPLICATE,
            Endpoint.parse(promoted),
            target,
            ADOPT,
            snapshot,
            line,
            load,
            null,
            state.root(),
            statistics,
            interruption);
    return new Reversal(
        LocalTargets.parse("reverse", promoted), target, state.root(), replication, dryRun);
  }
}
