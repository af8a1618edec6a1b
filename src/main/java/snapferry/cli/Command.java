package snapferry.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A command: what it is called, what it is for, what it understands and what it does. Its call
 * gives the exit code.
 */
abstract class Command implements Callable<Integer> {
  private static final CommandLine.IFactory NOTHING = new Nothing();

  private final CommandSpec spec;

  Command(String name, String... description) {
    spec = CommandSpec.wrapWithoutInspection(this, NOTHING).name(name);
    spec.usageMessage().description(description);
    // People try it first, wherever they are.
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help.").build());
  }

  /** Makes {@code argument} a part of what it understands. */
  final <A extends Argument> A with(A argument) {
    argument.addTo(spec);
    return argument;
  }

  /** Makes {@code subcommand} one of its own. */
  final void add(Command subcommand) {
    spec.addSubcommand(subcommand.spec.name(), subcommand.commandLine());
  }

  final CommandSpec spec() {
    return spec;
  }

  /** That which reads what is typed. */
  final CommandLine commandLine() {
    return new CommandLine(spec, NOTHING);
  }

  /**
   * Makes nothing: nothing here is named by its class, and picocli's own factory looks for Groovy
   * at every start.
   */
  private static final class Nothing implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) {
      throw new IllegalArgumentException(type.getName());
    }
  }
}
