package snapferry.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code history}: which epochs a standby can go back to. */
@Command(
    name = "history",
    description = {
      "List the epoch that TARGET holds and those that it can be rolled back to, the newest first.",
      "What it takes to go back is kept by replicating with --keep. Looks only: takes no lock and"
          + " writes nothing."
    })
final class HistoryCommand implements Callable<Integer> {
  private final Interruption interruption;

  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final StateOptions state = new StateOptions();

  @Parameters(paramLabel = "TARGET", description = "An image or a device.")
  private String target = "";

  HistoryCommand(Interruption interruption) {
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return Run.of(
        () -> new History(LocalTargets.parse("history", target), state.root()),
        output,
        interruption);
  }
}
