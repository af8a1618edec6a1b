package snapferry.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import snapferry.config.Configuration;
import snapferry.config.Key;
import snapferry.config.Settings;
import snapferry.failure.Failure;
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
  private final List<Pair> pairs;

  private Bookkeeping(RunLog log, @Nullable Path metrics, List<Pair> pairs) {
    this.log = log;
    this.ledger = new Ledger(log);
    this.metrics = metrics == null ? null : new MetricsFile(metrics);
    this.pairs = pairs;
  }

  /**
   * The books of a configuration.
   *
   * @param metrics the file of the metrics; null for none
   */
  static Bookkeeping of(Configuration configuration, Path stateRoot, @Nullable Path metrics)
      throws Failure {
    return new Bookkeeping(log(configuration.settings(), stateRoot), metrics, pairs(configuration));
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

  private static List<Pair> pairs(Configuration configuration) {
    return configuration.volumes().stream()
        .flatMap(
            volume -> volume.standbys().stream().map(each -> new Pair(volume.name(), each.name())))
        .toList();
  }

  /** Records a run that is over. */
  synchronized void record(RunRecord run, Report report) {
    try {
      log.append(run, this::writeMetrics);
    } catch (IOException e) {
      report.warn("run log or metrics could not be written: " + e);
    }
  }

  private void writeMetrics() throws IOException {
    if (metrics != null) {
      ledger.refresh();
      metrics.replace(Metrics.text(ledger, pairs));
    }
  }
}
