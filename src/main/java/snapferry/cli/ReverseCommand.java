package snapferry.cli;

import snapferry.failure.Failure;
import snapferry.ssh.Endpoint;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** {@code reverse}: the old source becomes the standby of what was promoted. */
final class ReverseCommand extends Command {
  private static final Wishes ADOPT = new Wishes(true, false, false, false, null, null);

  private final Interruption interruption;

  private final OutputOptions output = with(new OutputOptions());
  private final SessionOptions session = with(new SessionOptions());

  private final Flag dryRun =
      with(new Flag("-n, --dry-run", "Find and count the differences; write nothing."));

  private final Flag statistics = with(new Flag("--stats", "Print all counters at the end."));

  private final Operand promoted =
      with(Operand.required(0, "PROMOTED", "The image that is in use."));

  private final Operand formerSource =
      with(Operand.required(1, "OLD-SOURCE", "What was its source."));

  ReverseCommand(Interruption interruption) {
    super(
        "reverse",
        "Make the old source of a promoted image the standby of that: what the old source held beyond"
            + " the promoted epoch is overwritten, and only what differs is sent.",
        "PROMOTED is here. OLD-SOURCE is a path here or [USER@]HOST:PATH, and must be on record there"
            + " as the volume that PROMOTED was the standby of.");
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return Run.of(this::prepare, output, interruption);
  }

  private Task prepare() throws Failure {
    Endpoint target = Endpoint.parse(formerSource.value());
    Replication replication =
        session.replication(
            dryRun.isGiven() ? Purpose.DRY_RUN : Purpose.REPLICATE,
            Endpoint.parse(promoted.value()),
            target,
            ADOPT,
            null,
            statistics.isGiven(),
            interruption);
    return new Reversal(
        LocalTargets.parse("reverse", promoted.value()),
        target,
        session.state().root(),
        replication,
        dryRun.isGiven());
  }
}
