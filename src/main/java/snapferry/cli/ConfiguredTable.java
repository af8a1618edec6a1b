package snapferry.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import snapferry.config.Configuration;
import snapferry.config.Key;
import snapferry.config.Standby;
import snapferry.config.Volume;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.ledger.Ledger;
import snapferry.ledger.Severity;

/** {@code status} without targets: a table of all configured standbys, or an event for each. */
final class ConfiguredTable implements Task {
  private final Configuration configuration;
  private final Path stateRoot;
  private final Ledger ledger;

  ConfiguredTable(Configuration configuration, StateOptions state) throws Failure {
    this.configuration = configuration;
    this.stateRoot = state.root(configuration.settings().text(Key.STATE_DIR));
    this.ledger = new Ledger(Bookkeeping.log(configuration.settings(), stateRoot));
  }

  @Override
  public ExitCode run(Report report) throws IOException {
    ledger.refresh();
    Instant now = Instant.now();
    ExitCode worst = ExitCode.DONE;
    List<List<String>> rows = new ArrayList<>(List.of(ConfiguredStatus.HEADINGS));
    for (Volume volume : configuration.volumes()) {
      for (Standby standby : volume.standbys()) {
        ConfiguredStatus status = ConfiguredStatus.of(volume, standby, ledger, stateRoot);
        rows.add(status.cells(now));
        report.event("replication", event -> status.fields(event, now));
        worst = Severity.worse(worst, status.exit());
      }
    }
    Status.table(rows).forEach(report::say);
    return worst;
  }
}
