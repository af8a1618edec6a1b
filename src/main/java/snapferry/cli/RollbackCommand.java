package snapferry.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import snapferry.failure.Failure;

/** {@code rollback}: a standby goes back to an earlier epoch. */
@Command(
    name = "rollback",
    description = {
      "Make TARGET hold again what it held at an earlier epoch, out of what was kept of it (push"
          + " --keep). It becomes a new epoch, which can be rolled back as any other.",
      "Its source replicates into it again with --rejoin only."
    })
final class RollbackCommand implements Callable<Integer> {
  private final Interruption interruption;

  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final StateOptions state = new StateOptions();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "EPOCH",
      description = "Which epoch to go back to: one that snapferry history lists.")
  private String epoch = "";

  @Option(
      names = {"-n", "--dry-run"},
      description = "Find and prove what would become of it; write nothing.")
  private boolean dryRun;

  @Parameters(paramLabel = "TARGET", description = "An image or a device.")
  private String target = "";

  RollbackCommand(Interruption interruption) {
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return Run.of(this::prepare, output, interruption);
  }

  private Task prepare() throws Failure {
    return new GoingBack(
        LocalTargets.parse("rollback", target),
        state.root(),
        OptionValue.epoch("--to", epoch),
        dryRun);
  }
}
