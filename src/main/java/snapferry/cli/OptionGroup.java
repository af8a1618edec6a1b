package snapferry.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** Options that belong together, and that several commands have. */
abstract non-sealed class OptionGroup implements Argument {
  private final List<Argument> arguments = new ArrayList<>();

  /** Makes {@code argument} one of the group. */
  final <A extends Argument> A with(A argument) {
    arguments.add(argument);
    return argument;
  }

  @Override
  public final void addTo(CommandSpec command) {
    arguments.forEach(argument -> argument.addTo(command));
  }
}
