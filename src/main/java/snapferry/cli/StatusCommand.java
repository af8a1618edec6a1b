package snapferry.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code status}: what standbys hold. */
@Command(
    name = "status",
    description = {
      "Tell which epoch of which volume each TARGET holds, how old it is and whether it is sound;"
          + " without a TARGET, how all standbys of the configuration stand.",
      "Looks only: takes no lock and writes nothing. Exit code 3 if a target needs recover, 11 if"
          + " one is unknown, 22 if one is damaged."
    })
final class StatusCommand implements Callable<Integer> {
  private final Interruption interruption;

  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final StateOptions state = new StateOptions();

  @Mixin private final ConfigurationOptions configuration = new ConfigurationOptions();

  @Option(names = "--watch", description = "Look again every 2 seconds, until interrupted.")
  private boolean watch;

  @Parameters(arity = "0..*", paramLabel = "TARGET", description = "Images or devices.")
  private List<String> targets = List.of();

  StatusCommand(Interruption interruption) {
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    if (targets.isEmpty()) {
      return configuration.run(
          asked -> watched(new ConfiguredTable(asked, state)), output, interruption);
    }
    return Run.of(
        () -> watched(new Status(LocalTargets.parse("status", targets), state.root())),
        output,
        interruption);
  }

  private Task watched(Task task) {
    return watch ? new Watch(task) : task;
  }
}
