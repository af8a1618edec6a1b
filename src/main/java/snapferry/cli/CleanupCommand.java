package snapferry.cli;

/** {@code cleanup}: removes what killed runs left behind. */
final class CleanupCommand extends Command {
  private final Interruption interruption;

  private final OutputOptions output = with(new OutputOptions());
  private final StateOptions state = with(new StateOptions());

  private final Flag dryRun =
      with(new Flag("-n, --dry-run", "Say what would be removed; remove nothing."));

  CleanupCommand(Interruption interruption) {
    super(
        "cleanup",
        "Remove LVM snapshots that killed runs left behind, as the next run of their volume would.",
        "Those of runs that go on, and those that runs with another state directory took, stay.");
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return Run.of(() -> new Cleanup(state.root(), dryRun.isGiven()), output, interruption);
  }
}
