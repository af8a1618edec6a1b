package snapferry.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code recover}: finishes what a run left behind. */
@Command(
    name = "recover",
    description = {
      "Finish what an interrupted run left behind: apply an epoch that was committed, drop one that"
          + " was not complete.",
      "The next push or pull would do the same; this is for a target that is to be used before."
    })
final class RecoverCommand implements Callable<Integer> {
  private final Interruption interruption;

  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final StateOptions state = new StateOptions();

  @Parameters(arity = "1..*", paramLabel = "TARGET", description = "Images or devices.")
  private List<String> targets = List.of();

  RecoverCommand(Interruption interruption) {
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return Run.of(
        () -> new Recovery(LocalTargets.parse("recover", targets), state.root()),
        output,
        interruption);
  }
}
