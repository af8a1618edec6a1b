package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What an option or a flag is after a command line was read. */
@NullMarked
class OptionTest {
  private final CommandSpec command = CommandSpec.create();
  private final CommandLine line = new CommandLine(command);

  private <A extends Argument> A with(A argument) {
    argument.addTo(command);
    return argument;
  }

  @Test
  void whatIsTypedWinsOverWhatIsConfigured() {
    Option mode = with(Option.of("-m, --mode", "MODE", "Bits."));
    mode.configure("640");
    line.parseArgs("-m", "600");
    assertThat(mode.text()).isEqualTo("600");
    line.parseArgs();
    assertThat(mode.text()).isEqualTo("640");
  }

  @Test
  void whatIsNeitherTypedNorConfiguredIsNothingOrItsDefault() {
    Option mode = with(Option.of("--mode", "MODE", "Bits."));
    Option shell = with(Option.withDefault("ssh", "--rsh", "COMMAND", "The shell."));
    line.parseArgs();
    assertThat(mode.text()).isNull();
    assertThat(shell.value()).isEqualTo("ssh");
  }

  @Test
  void aFlagIsGivenIfItIsTypedOrConfigured() {
    Flag quiet = with(new Flag("-q, --quiet", "Say nothing."));
    line.parseArgs("-q");
    assertThat(quiet.isGiven()).isTrue();
    line.parseArgs();
    assertThat(quiet.isGiven()).isFalse();
    quiet.configure(true);
    assertThat(quiet.isGiven()).isTrue();
  }
}
