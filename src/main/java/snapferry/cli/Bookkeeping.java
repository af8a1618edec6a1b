package snapferry.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import snapferry.config.Configuration;
import snapferry.config.Key;
import snapferry.config.Settings;
import snapferry.config.Standby;
import snapferry.config.Volume;
import snapferry.failure.Failure;
import snapferry.ledger.Achievement;
import snapferry.ledger.Ledger;
import snapferry.ledger.Metrics;
import snapferry.ledger.MetricsFile;
import snapferry.ledger.Pair;
import snapferry.ledger.RunLog;
import snapferry.ledger.RunRecord;

/**
 * Run log and metrics. That they cannot be written undoes no run: it is a warning. Safe for use by
 * several threads.
 */
final class Bookkeeping {
  private final RunLog log;
  private final Ledger ledger;
  private final @Nullable MetricsFile metrics;
  private final Map<Pair, Place> places;
  private final Path stateRoot;

  /** Where a pair is configured. */
  private record Place(Volume volume, Standby standby) {}

  private Bookkeeping(RunLog log, @Nullable Path metrics, Map<Pair, Place> places, Path stateRoot) {
    this.log = log;
    this.ledger = new Ledger(log);
    this.metrics = metrics == null ? null : new MetricsFile(metrics);
    this.places = places;
    this.stateRoot = stateRoot;
  }

  /**
   * The books of a configuration.
   *
   * @param metrics the file of the metrics; null for none
   */
  static Bookkeeping of(Configuration configuration, Path stateRoot, @Nullable Path metrics)
      throws Failure {
    return new Bookkeeping(
        log(configuration.settings(), stateRoot), metrics, places(configuration), stateRoot);
  }

  /** The run log that a configuration names. */
  static RunLog log(Settings settings, Path stateRoot) throws Failure {
    String file = settings.text(Key.RUN_LOG);
    String size = settings.text(Key.RUN_LOG_SIZE);
    String keep = settings.text(Key.RUN_LOG_KEEP);
    return new RunLog(
        file == null ? stateRoot.resolve("runs.jsonl") : Path.of(file),
        size == null ? RunLog.DEFAULT_LIMIT : OptionValue.runLogSize(size),
        keep == null ? RunLog.DEFAULT_KEEP : OptionValue.runLogKeep(keep));
  }

  private static Map<Pair, Place> places(Configuration configuration) {
    Map<Pair, Place> places = new LinkedHashMap<>();
    for (Volume volume : configuration.volumes()) {
      for (Standby standby : volume.standbys()) {
        places.put(new Pair(volume.name(), standby.name()), new Place(volume, standby));
      }
    }
    return places;
  }

  /** Records a run that is over. */
  synchronized void record(RunRecord run, Report report) {
    try {
      log.append(looked(run), this::writeMetrics);
    } catch (IOException e) {
      report.warn("run log or metrics could not be written: " + e);
    }
  }

  /**
   * With what is seen of the standby from here, when a run went well. What cannot be seen is no
   * reason not to record it: {@code status} says more.
   */
  private RunRecord looked(RunRecord run) {
    Achievement done = run.achievement();
    Place place = places.get(run.pair());
    if (done == null || place == null) {
      return run;
    }
    try {
      ledger.refresh();
      StandbyFacts seen =
          ConfiguredStatus.of(place.volume(), place.standby(), ledger, stateRoot).facts();
      return run.with(seen.on(done, run.ended()));
    } catch (IOException e) {
      return run;
    }
  }

  private void writeMetrics() throws IOException {
    if (metrics != null) {
      ledger.refresh();
      metrics.replace(Metrics.text(ledger, List.copyOf(places.keySet())));
    }
  }
}
