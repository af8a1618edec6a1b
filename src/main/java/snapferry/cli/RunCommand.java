package snapferry.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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
@Command(
    name = "run",
    description = {
      "Replicate the volumes of the configuration, or those that are named, to all of their"
          + " standbys. Standbys do not wait for each other; each takes its volumes in order.",
      "With --every, or where the configuration says 'every', stay and do it again and again;"
          + " otherwise do it once, and end with the code of the worst."
    })
final class RunCommand implements Callable<Integer> {
  private static final String EVERY = "--every";
  private static final String JOBS = "--jobs";

  private final Interruption interruption;

  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final StateOptions state = new StateOptions();
  @Mixin private final ConfigurationOptions configuration = new ConfigurationOptions();

  @Option(
      names = EVERY,
      paramLabel = "PERIOD",
      description =
          "Stay in the foreground, and run each volume so often: a number with s, m, h or d.")
  private @Nullable String every;

  @Option(
      names = "--once",
      description = "Do one round, even where the configuration says 'every'.")
  private boolean once;

  @Option(
      names = JOBS,
      paramLabel = "N",
      description = "How many volumes a standby takes at a time, from 1 to 16. Default: 1.")
  private @Nullable String jobs;

  @Option(
      names = "--metrics-file",
      paramLabel = "FILE",
      description =
          "After each run, write metrics for the textfile collector of Prometheus' node_exporter.")
  private @Nullable Path metrics;

  @Option(
      names = {"-n", "--dry-run"},
      description = "Find and count the differences; write nothing.")
  private boolean dryRun;

  @Option(names = "--stats", description = "Print all counters of each run.")
  private boolean statistics;

  @Parameters(
      arity = "0..*",
      paramLabel = "VOLUME",
      description = "Volumes of the configuration. Default: all.")
  private List<String> volumes = List.of();

  RunCommand(Interruption interruption) {
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return configuration.run(this::round, output, interruption);
  }

  private Task round(Configuration asked) throws Failure {
    if (once && every != null) {
      throw new Failure(ExitCode.USAGE, "--once and --every exclude each other");
    }
    Settings settings = asked.settings();
    Path stateRoot = state.root(settings.text(Key.STATE_DIR));
    List<ConfiguredRun> runs = new ArrayList<>();
    List<Timetable.Entry<ConfiguredRun>> entries = new ArrayList<>();
    for (Volume volume : asked.select(volumes)) {
      for (Standby standby : volume.standbys()) {
        ConfiguredRun run = ConfiguredRun.of(volume, standby, stateRoot, options());
        runs.add(run);
        entries.add(new Timetable.Entry<>(run, standby.name(), run.company(), period(standby)));
      }
    }
    String file = metrics == null ? settings.text(Key.METRICS_FILE) : metrics.toString();
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
    if (dryRun) {
      options.add("--dry-run");
    }
    if (statistics) {
      options.add("--stats");
    }
    return options;
  }

  private @Nullable Duration period(Standby standby) throws Failure {
    if (once) {
      return null;
    }
    if (every != null) {
      return Period.parse(EVERY, every);
    }
    String text = standby.settings().text(Key.EVERY);
    return text == null ? null : Period.parse(Key.EVERY.label(), text);
  }

  private int jobs(Settings settings) throws Failure {
    if (jobs != null) {
      return OptionValue.jobs(JOBS, jobs);
    }
    String text = settings.text(Key.JOBS);
    return text == null ? 1 : OptionValue.jobs(Key.JOBS.label(), text);
  }
}
