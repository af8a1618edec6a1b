package snapferry.cli;

/** {@code status}: what standbys hold. */
final class StatusCommand extends Command {
  private final Interruption interruption;

  private final OutputOptions output = with(new OutputOptions());
  private final StateOptions state = with(new StateOptions());

  private final ConfigurationOptions configuration = with(new ConfigurationOptions());

  private final Flag watch =
      with(new Flag("--watch", "Look again every 2 seconds, until interrupted."));

  private final Operands targets = with(new Operands(0, "TARGET", "Images or devices."));

  StatusCommand(Interruption interruption) {
    super(
        "status",
        "Tell which epoch of which volume each TARGET holds, how old it is and whether it is sound;"
            + " without a TARGET, how all standbys of the configuration stand.",
        "Looks only: takes no lock and writes nothing. Exit code 3 if a target needs recover, 11 if"
            + " one is unknown, 22 if one is damaged.");
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    if (targets.values().isEmpty()) {
      return configuration.run(
          asked -> watched(new ConfiguredTable(asked, state)), output, interruption);
    }
    return Run.of(
        () -> watched(new Status(LocalTargets.parse("status", targets.values()), state.root())),
        output,
        interruption);
  }

  private Task watched(Task task) {
    return watch.isGiven() ? new Watch(task) : task;
  }
}
