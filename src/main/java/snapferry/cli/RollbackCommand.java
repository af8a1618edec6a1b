package snapferry.cli;

import snapferry.failure.Failure;

/** {@code rollback}: a standby goes back to an earlier epoch. */
final class RollbackCommand extends Command {
  private final Interruption interruption;

  private final OutputOptions output = with(new OutputOptions());
  private final StateOptions state = with(new StateOptions());

  private final Option epoch =
      with(
          Option.required(
              "--to", "EPOCH", "Which epoch to go back to: one that snapferry history lists."));

  private final Flag dryRun =
      with(new Flag("-n, --dry-run", "Find and prove what would become of it; write nothing."));

  private final Operand target = with(Operand.required(0, "TARGET", "An image or a device."));

  RollbackCommand(Interruption interruption) {
    super(
        "rollback",
        "Make TARGET hold again what it held at an earlier epoch, out of what was kept of it (push"
            + " --keep). It becomes a new epoch, which can be rolled back as any other.",
        "Its source replicates into it again with --rejoin only.");
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return Run.of(this::prepare, output, interruption);
  }

  private Task prepare() throws Failure {
    return new GoingBack(
        LocalTargets.parse("rollback", target.value()),
        state.root(),
        OptionValue.epoch("--to", epoch.value()),
        dryRun.isGiven());
  }
}
