package snapferry.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cleanup}: removes what killed runs left behind. */
@Command(
    name = "cleanup",
    description = {
      "Remove LVM snapshots that killed runs left behind, as the next run of their volume would.",
      "Those of runs that go on, and those that runs with another state directory took, stay."
    })
final class CleanupCommand implements Callable<Integer> {
  private final Interruption interruption;

  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final StateOptions state = new StateOptions();

  @Option(
      names = {"-n", "--dry-run"},
      description = "Say what would be removed; remove nothing.")
  private boolean dryRun;

  CleanupCommand(Interruption interruption) {
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return Run.of(() -> new Cleanup(state.root(), dryRun), output, interruption);
  }
}
