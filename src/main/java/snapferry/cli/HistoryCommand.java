package snapferry.cli;

/** {@code history}: which epochs a standby can go back to. */
final class HistoryCommand extends Command {
  private final Interruption interruption;

  private final OutputOptions output = with(new OutputOptions());
  private final StateOptions state = with(new StateOptions());

  private final Operand target = with(Operand.required(0, "TARGET", "An image or a device."));

  HistoryCommand(Interruption interruption) {
    super(
        "history",
        "List the epoch that TARGET holds and those that it can be rolled back to, the newest first.",
        "What it takes to go back is kept by replicating with --keep. Looks only: takes no lock and"
            + " writes nothing.");
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return Run.of(
        () -> new History(LocalTargets.parse("history", target.value()), state.root()),
        output,
        interruption);
  }
}
