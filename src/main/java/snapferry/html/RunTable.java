package snapferry.html;

import java.util.ArrayList;
import java.util.List;
import snapferry.codec.Amount;
import snapferry.ledger.Achievement;
import snapferry.ledger.Count;
import snapferry.ledger.RunRecord;

/** A row for each run, with what it did or why it did not. */
final class RunTable {
  private static final double MILLIS = 1000;

  private final Markup page;
  private final boolean named;

  private RunTable(Markup page, boolean named) {
    this.page = page;
    this.named = named;
  }

  /**
   * Draws a table of {@code runs}.
   *
   * @param named whether to say of which standby each is
   */
  static void draw(Markup page, List<RunRecord> runs, boolean named) {
    new RunTable(page, named).draw(runs);
  }

  private void draw(List<RunRecord> runs) {
    List<String> headings = new ArrayList<>(List.of("Begun"));
    if (named) {
      headings.add("Standby");
    } else {
      headings.addAll(List.of("Epoch", "Read", "Sent", "Wrote"));
    }
    headings.addAll(List.of("Took", "Result"));
    page.open("div", "class", "wide").open("table").line().open("thead").open("tr");
    headings.forEach(heading -> page.element("th", heading, "scope", "col"));
    page.close().close().line().open("tbody").line();
    runs.forEach(this::row);
    page.close().close().close().line();
  }

  private void row(RunRecord run) {
    page.open("tr").open("td");
    Times.at(page, run.begun());
    page.close();
    if (named) {
      page.element("td", run.pair().toString());
    } else {
      Achievement done = run.achievement();
      number(done == null ? "–" : Amount.count(done.count(Count.EPOCH)));
      for (Count count : List.of(Count.BYTES_READ, Count.BYTES_SENT, Count.BYTES_WRITTEN)) {
        number(done == null ? "–" : Amount.bytes(done.count(count)));
      }
    }
    number(Amount.seconds(run.took().toMillis() / MILLIS));
    page.open("td", "class", run.isWell() ? "well" : "bad");
    page.element("span", run.exit().meaning(), "class", "result");
    String message = run.message();
    if (message != null) {
      page.text(" ").element("span", message, "class", "message");
    }
    page.close().close().line();
  }

  private void number(String text) {
    page.element("td", text, "class", "number");
  }
}
