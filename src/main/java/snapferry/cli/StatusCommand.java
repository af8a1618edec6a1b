package snapferry.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code status}: what standbys hold. */
@Command(
    name = "status",
    description = {
      "Tell which epoch of which volume each TARGET holds, how old it is and whether it is sound.",
      "Looks only: takes no lock and writes nothing. Exit code 3 if a target needs recover, 11 if"
          + " one is unknown, 22 if one is damaged."
    })
final class StatusCommand implements Callable<Integer> {
  private final Interruption interruption;

  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final StateOptions state = new StateOptions();

  @Parameters(arity = "1..*", paramLabel = "TARGET", description = "Images or devices.")
  private List<String> targets = List.of();

  StatusCommand(Interruption interruption) {
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return Run.of(
        () -> new Status(LocalTargets.parse("status", targets), state.root()),
        output,
        interruption);
  }
}
