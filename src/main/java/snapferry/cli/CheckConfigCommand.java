package snapferry.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import snapferry.config.Configuration;
import snapferry.config.Key;
import snapferry.config.Settings;
import snapferry.config.Standby;
import snapferry.config.Volume;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.ssh.ShellWords;

/** {@code check-config}: what a configuration says, or what is wrong with it. */
final class CheckConfigCommand extends Command {
  private static final List<String> HEADINGS =
      List.of("VOLUME", "SOURCE", "STANDBY", "TARGET", "EVERY");

  private final Interruption interruption;

  private final OutputOptions output = with(new OutputOptions());
  private final StateOptions state = with(new StateOptions());
  private final ConfigurationOptions configuration = with(new ConfigurationOptions());

  CheckConfigCommand(Interruption interruption) {
    super(
        "check-config",
        "Read the configuration and list what it replicates, or every mistake with its file and line;"
            + " touches no volume and no host.",
        "With -v, show the push or pull that each run is.");
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return configuration.run(this::listing, output, interruption);
  }

  private Task listing(Configuration checked) throws Failure {
    Settings settings = checked.settings();
    Path stateRoot = state.root(settings.text(Key.STATE_DIR));
    List<List<String>> rows = new ArrayList<>(List.of(HEADINGS));
    List<ConfiguredRun> runs = new ArrayList<>();
    for (Volume volume : checked.volumes()) {
      if (volume.standbys().isEmpty()) {
        rows.add(List.of(volume.name(), cell(volume.settings(), Key.SOURCE), "-", "-", "-"));
      }
      for (Standby standby : volume.standbys()) {
        rows.add(row(volume, standby));
        runs.add(ConfiguredRun.of(volume, standby, stateRoot, List.of()));
      }
    }
    return report -> {
      Status.table(rows).forEach(report::say);
      runs.forEach(run -> tell(run, report));
      checked.volumes().stream()
          .filter(Volume::isTracked)
          .forEach(volume -> tell(volume, settings, report));
      return ExitCode.DONE;
    };
  }

  private static List<String> row(Volume volume, Standby standby) {
    return List.of(
        volume.name(),
        cell(volume.settings(), Key.SOURCE),
        standby.name(),
        cell(standby.settings(), Key.TARGET),
        cell(standby.settings(), Key.EVERY));
  }

  private static String cell(Settings settings, Key key) {
    String text = settings.text(key);
    return text == null ? "-" : text;
  }

  private static void tell(Volume tracked, Settings settings, Report report) {
    Path shown = Path.of(cell(settings, Key.TRACK_MOUNTPOINT)).resolve(tracked.name());
    report.of(tracked.name()).note("snapferry track shows it as " + shown);
    report.event(
        "tracked",
        event -> {
          event.writeStringField("volume", tracked.name());
          event.writeStringField("file", shown.toString());
        });
  }

  private static void tell(ConfiguredRun run, Report report) {
    String command = run.words().stream().map(ShellWords::quote).collect(Collectors.joining(" "));
    report.of(run.pair().toString()).note("snapferry " + command);
    report.event(
        "configured",
        event -> {
          event.writeStringField("volume", run.pair().volume());
          event.writeStringField("standby", run.pair().standby());
          event.writeStringField("command", "snapferry " + command);
        });
  }
}
