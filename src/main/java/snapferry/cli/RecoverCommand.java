package snapferry.cli;

/** {@code recover}: finishes what a run left behind. */
final class RecoverCommand extends Command {
  private final Interruption interruption;

  private final OutputOptions output = with(new OutputOptions());
  private final StateOptions state = with(new StateOptions());

  private final Operands targets = with(new Operands(1, "TARGET", "Images or devices."));

  RecoverCommand(Interruption interruption) {
    super(
        "recover",
        "Finish what an interrupted run left behind: apply an epoch that was committed, drop one that"
            + " was not complete.",
        "The next push or pull would do the same; this is for a target that is to be used before.");
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return Run.of(
        () -> new Recovery(LocalTargets.parse("recover", targets.values()), state.root()),
        output,
        interruption);
  }
}
