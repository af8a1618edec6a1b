package snapferry.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import snapferry.config.Configuration;
import snapferry.config.Key;
import snapferry.config.Period;
import snapferry.config.Settings;
import snapferry.config.Standby;
import snapferry.config.Volume;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.schedule.Timetable;

/** {@code run}: what the configuration asks for. */
final class RunCommand extends Command {
  private static final String EVERY = "--every";
  private static final String JOBS = "--jobs";

  private final Interruption interruption;

  private final OutputOptions output = with(new OutputOptions());
  private final StateOptions state = with(new StateOptions());
  private final ConfigurationOptions configuration = with(new ConfigurationOptions());

  private final Option every =
      with(
          Option.of(
              EVERY,
              "PERIOD",
              "Stay in the foreground, and run each volume so often: a number with s, m, h or d."));

  private final Flag once =
      with(new Flag("--once", "Do one round, even where the configuration says 'every'."));

  private final Option jobs =
      with(
          Option.of(
              JOBS, "N", "How many volumes a standby takes at a time, from 1 to 16. Default: 1."));

  private final Option metrics =
      with(
          Option.path(
              "--metrics-file",
              "FILE",
              "After each run, write metrics for the textfile collector of Prometheus' node_exporter."));

  private final Flag dryRun =
      with(new Flag("-n, --dry-run", "Find and count the differences; write nothing."));

  private final Flag statistics = with(new Flag("--stats", "Print all counters of each run."));

  private final Operands volumes =
      with(new Operands(0, "VOLUME", "Volumes of the configuration. Default: all."));

  RunCommand(Interruption interruption) {
    super(
        "run",
        "Replicate the volumes of the configuration, or those that are named, to all of their"
            + " standbys. Standbys do not wait for each other; each takes its volumes in order.",
        "With --every, or where the configuration says 'every', stay and do it again and again;"
            + " otherwise do it once, and end with the code of the worst.");
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return configuration.run(this::round, output, interruption);
  }

  private Task round(Configuration asked) throws Failure {
    if (once.isGiven() && every.text() != null) {
      throw new Failure(ExitCode.USAGE, "--once and --every exclude each other");
    }
    Settings settings = asked.settings();
    Path stateRoot = state.root(settings.text(Key.STATE_DIR));
    List<ConfiguredRun> runs = new ArrayList<>();
    List<Timetable.Entry<ConfiguredRun>> entries = new ArrayList<>();
    for (Volume volume : asked.select(volumes.values())) {
      for (Standby standby : volume.standbys()) {
        ConfiguredRun run = ConfiguredRun.of(volume, standby, stateRoot, options());
        runs.add(run);
        entries.add(new Timetable.Entry<>(run, standby.name(), run.company(), period(standby)));
      }
    }
    String file = metrics.text() == null ? settings.text(Key.METRICS_FILE) : metrics.text();
    return new Round(
        runs,
        entries,
        jobs(settings),
        stateRoot,
        Bookkeeping.of(asked, stateRoot, file == null ? null : Path.of(file)),
        interruption);
  }

  private List<String> options() {
    List<String> options = new ArrayList<>();
    if (dryRun.isGiven()) {
      options.add("--dry-run");
    }
    if (statistics.isGiven()) {
      options.add("--stats");
    }
    return options;
  }

  private @Nullable Duration period(Standby standby) throws Failure {
    if (once.isGiven()) {
      return null;
    }
    if (every.text() != null) {
      return Period.parse(EVERY, every.text());
    }
    String text = standby.settings().text(Key.EVERY);
    return text == null ? null : Period.parse(Key.EVERY.label(), text);
  }

  private int jobs(Settings settings) throws Failure {
    if (jobs.text() != null) {
      return OptionValue.jobs(JOBS, jobs.text());
    }
    String text = settings.text(Key.JOBS);
    return text == null ? 1 : OptionValue.jobs(Key.JOBS.label(), text);
  }
}
