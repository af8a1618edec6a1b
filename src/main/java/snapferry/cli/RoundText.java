package snapferry.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import snapferry.codec.Amount;
import snapferry.failure.ExitCode;
import snapferry.ledger.Achievement;
import snapferry.ledger.Count;
import snapferry.ledger.RunRecord;

/** What came of a round, as a table and as JSON. */
final class RoundText {
  private static final List<String> HEADINGS =
      List.of("VOLUME", "STANDBY", "EPOCH", "READ", "SENT", "WROTE", "TIME", "RESULT");
  private static final double MILLIS = 1000;

  private RoundText() {}

  /** A row for each run, for people. */
  static List<String> table(List<ConfiguredRun> runs, Map<ConfiguredRun, RunRecord> done) {
    List<List<String>> rows = new ArrayList<>(List.of(HEADINGS));
    for (ConfiguredRun run : runs) {
      rows.add(row(run, done.get(run)));
    }
    return Status.table(rows);
  }

  private static List<String> row(ConfiguredRun run, @Nullable RunRecord record) {
    List<String> cells = new ArrayList<>(List.of(run.pair().volume(), run.pair().standby()));
    Achievement achievement = record == null ? null : record.achievement();
    cells.add(achievement == null ? "-" : Long.toString(achievement.count(Count.EPOCH)));
    for (Count count : List.of(Count.BYTES_READ, Count.BYTES_SENT, Count.BYTES_WRITTEN)) {
      cells.add(achievement == null ? "-" : Amount.bytes(achievement.count(count)));
    }
    cells.add(record == null ? "-" : Amount.seconds(record.took().toMillis() / MILLIS));
    cells.add(record == null ? "not begun" : record.exit().meaning());
    return cells;
  }

  /** The fields of the event {@code round}. */
  static void fields(
      JsonGenerator event,
      List<ConfiguredRun> runs,
      Map<ConfiguredRun, RunRecord> done,
      ExitCode exit)
      throws IOException {
    event.writeNumberField("runs", runs.size());
    event.writeNumberField("well", done.values().stream().filter(RunRecord::isWell).count());
    event.writeStringField("result", exit.meaning());
    event.writeNumberField("exit", exit.code());
  }
}
