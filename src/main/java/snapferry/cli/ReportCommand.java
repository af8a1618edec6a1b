package snapferry.cli;

import java.time.Duration;
import snapferry.config.Period;

/** {@code report}: a page of how all standbys do. */
final class ReportCommand extends Command {
  private static final String SINCE = "--since";

  private final Interruption interruption;

  private final OutputOptions output = with(new OutputOptions());
  private final StateOptions state = with(new StateOptions());
  private final ConfigurationOptions configuration = with(new ConfigurationOptions());

  private final Option file =
      with(Option.required("-o, --output", "FILE", "Where to write the page; - is stdout."));

  private final Option since =
      with(
          Option.withDefault(
              "30d",
              SINCE,
              "PERIOD",
              "How far to look back: a number with s, m, h or d. Default: ${DEFAULT-VALUE}."));

  ReportCommand(Interruption interruption) {
    super(
        "report",
        "Draw a page of HTML that shows how all standbys of the configuration do: their age, what"
            + " each run read and sent, where and how often each volume changes, what failed.",
        "One file, which needs no network and runs no script.");
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return configuration.run(
        asked -> {
          Duration period = Period.parse(SINCE, since.value());
          return new DrawnReport(asked, state, period, file.value());
        },
        output,
        interruption);
  }
}
