package snapferry.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import snapferry.codec.Amount;
import snapferry.config.Configuration;
import snapferry.config.Key;
import snapferry.config.Period;
import snapferry.config.Standby;
import snapferry.config.Volume;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.html.Replica;
import snapferry.html.ReportPage;
import snapferry.ledger.History;
import snapferry.ledger.Ledger;
import snapferry.ledger.RunLog;
import snapferry.ledger.Severity;

/** Draws the page of all configured standbys, and writes it where it is wanted. */
final class DrawnReport implements Task {
  private static final String STDOUT = "-";
  private static final Path HOST = Path.of("/proc/sys/kernel/hostname");

  private final Configuration configuration;
  private final Path stateRoot;
  private final RunLog log;
  private final Duration period;
  private final String file;

  /**
   * @param period how far to look back
   * @param file where to write to; {@code -} is stdout
   */
  DrawnReport(Configuration configuration, StateOptions state, Duration period, String file)
      throws Failure {
    this.configuration = configuration;
    this.stateRoot = state.root(configuration.settings().text(Key.STATE_DIR));
    this.log = Bookkeeping.log(configuration.settings(), stateRoot);
    this.period = period;
    this.file = file;
  }

  @Override
  public ExitCode run(Report report) throws IOException {
    Instant now = Instant.now();
    Instant since = now.minus(period);
    Ledger ledger = new Ledger(log);
    ledger.refresh();
    History history = History.read(log, since);
    List<Replica> replicas = new ArrayList<>();
    for (Volume volume : configuration.volumes()) {
      for (Standby standby : volume.standbys()) {
        ConfiguredStatus status = ConfiguredStatus.of(volume, standby, ledger, stateRoot);
        replicas.add(replica(volume, standby, status, history, now));
      }
    }
    String cut =
        history.isCut()
            ? "Only the newest " + Amount.count(History.MAX_RUNS, "run") + " are shown."
            : null;
    write(ReportPage.of(replicas, host(), since, now, cut), report);
    return ExitCode.DONE;
  }

  private static Replica replica(
      Volume volume, Standby standby, ConfiguredStatus status, History history, Instant now)
      throws Failure {
    String every = standby.settings().text(Key.EVERY);
    return new Replica(
        status.pair(),
        volume.source().toString(),
        status.target(),
        StandbyStatus.words(status.condition(), status.detail()),
        Severity.isWell(status.condition().exit()),
        status.epoch(),
        status.time(),
        every == null ? null : Period.parse(Key.EVERY.label(), every),
        status.facts().facts(now),
        status.last(),
        history.runs(status.pair()));
  }

  private static String host() {
    try {
      return Files.readString(HOST).strip();
    } catch (IOException e) {
      return "this host";
    }
  }

  private void write(String page, Report report) throws IOException {
    if (file.equals(STDOUT)) {
      report.document(page);
      return;
    }
    Path path = Path.of(file).toAbsolutePath();
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      Files.writeString(path, page);
      return;
    }
    // Whoever reads meanwhile reads the old page or the new.
    Path aside =
        path.resolveSibling("." + path.getFileName() + "." + ProcessHandle.current().pid());
    try {
      Files.writeString(aside, page);
      Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(aside);
    }
  }
}
