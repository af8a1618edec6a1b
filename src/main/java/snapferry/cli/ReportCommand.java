package snapferry.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import snapferry.config.Period;

/** {@code report}: a page of how all standbys do. */
@Command(
    name = "report",
    description = {
      "Draw a page of HTML that shows how all standbys of the configuration do: their age, what"
          + " each run read and sent, where and how often each volume changes, what failed.",
      "One file, which needs no network and runs no script."
    })
final class ReportCommand implements Callable<Integer> {
  private static final String SINCE = "--since";

  private final Interruption interruption;

  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final StateOptions state = new StateOptions();
  @Mixin private final ConfigurationOptions configuration = new ConfigurationOptions();

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FILE",
      description = "Where to write the page; - is stdout.")
  private String file = "";

  @Option(
      names = SINCE,
      paramLabel = "PERIOD",
      defaultValue = "30d",
      description = "How far to look back: a number with s, m, h or d. Default: ${DEFAULT-VALUE}.")
  private String since = "";

  ReportCommand(Interruption interruption) {
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return configuration.run(
        asked -> {
          Duration period = Period.parse(SINCE, since);
          return new DrawnReport(asked, state, period, file);
        },
        output,
        interruption);
  }
}
