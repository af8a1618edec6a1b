package snapferry.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import snapferry.failure.ExitCode;
import snapferry.replicate.LocalStandbyPlace;

/** {@code status}: a table of standbys, or an event for each. */
final class Status implements Task {
  private static final String GAP = "  ";

  private final List<Path> targets;
  private final Path stateRoot;

  Status(List<Path> targets, Path stateRoot) {
    this.targets = targets;
    this.stateRoot = stateRoot;
  }

  @Override
  public ExitCode run(Report report) throws IOException {
    Instant now = Instant.now();
    List<List<String>> rows = new ArrayList<>();
    rows.add(StandbyStatus.HEADINGS);
    StandbyStatus.Condition worst = StandbyStatus.Condition.STANDING;
    for (Path target : targets) {
      StandbyStatus status = StandbyStatus.of(new LocalStandbyPlace(target, stateRoot));
      rows.add(status.cells(now));
      report.event("status", event -> status.fields(event, now));
      if (status.condition().compareTo(worst) > 0) {
        worst = status.condition();
      }
    }
    table(rows).forEach(report::say);
    return worst.exit();
  }

  /** Rows whose columns stand below each other. */
  static List<String> table(List<List<String>> rows) {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        line.append(row.get(column));
        line.append(" ".repeat(width(rows, column) - row.get(column).length())).append(GAP);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
