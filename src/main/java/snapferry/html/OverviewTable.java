package snapferry.html;

import java.time.Instant;
import java.util.List;
import snapferry.codec.Amount;
import snapferry.ledger.Achievement;
import snapferry.ledger.Count;
import snapferry.ledger.RunRecord;

/** A row for each standby: whether it is well, and how old it is. */
final class OverviewTable {
  private static final int HEIGHT = 20;
  private static final int BAR = 2;

  private final Markup page;
  private final TimeAxis axis;
  private final Instant now;

  private OverviewTable(Markup page, TimeAxis axis, Instant now) {
    this.page = page;
    this.axis = axis;
    this.now = now;
  }

  static void draw(Markup page, List<Replica> replicas, TimeAxis axis, Instant now) {
    new OverviewTable(page, axis, now).draw(replicas);
  }

  private void draw(List<Replica> replicas) {
    page.open("section", "aria-labelledby", "standbys").line();
    page.element("h2", "Standbys", "id", "standbys").line();
    page.open("div", "class", "wide").open("table").line().open("thead").open("tr");
    for (String heading :
        List.of("Volume", "Standby", "Status", "Age", "Epoch", "Size", "Sent", "Last run")) {
      page.element("th", heading, "scope", "col");
    }
    page.close().close().line().open("tbody").line();
    replicas.forEach(this::row);
    page.close().close().close().close().line();
  }

  private void row(Replica replica) {
    page.open("tr").open("th", "scope", "row");
    page.element("a", replica.pair().volume(), "href", "#" + ReplicaSection.id(replica)).close();
    page.element("td", replica.pair().standby());
    page.open("td");
    Health health = Health.of(replica, now);
    ReportPage.badge(page, health, health.label());
    page.close().open("td");
    if (replica.time() != null && replica.epoch() > 0) {
      Times.ago(page, replica.time(), now, "");
    } else {
      page.text("–");
    }
    page.close();
    page.element(
        "td", replica.epoch() == 0 ? "–" : Amount.count(replica.epoch()), "class", "number");
    page.element("td", size(replica), "class", "number");
    page.open("td");
    spark(Timeline.of(replica.runs(), axis));
    page.close().open("td");
    RunRecord last = replica.last();
    if (last == null) {
      page.text("–");
    } else {
      page.text(last.exit().meaning() + ", ");
      Times.ago(page, last.ended(), now, " ago");
    }
    page.close().close().line();
  }

  private static String size(Replica replica) {
    for (int i = replica.runs().size() - 1; i >= 0; i--) {
      Achievement done = replica.runs().get(i).achievement();
      if (done != null) {
        return Amount.bytes(done.count(Count.BYTES_TOTAL));
      }
    }
    return "–";
  }

  /** Bytes sent, as small as a word. */
  private void spark(Timeline timeline) {
    long[] sent = timeline.slots().stream().mapToLong(Timeline.Slot::sent).toArray();
    BarScale scale = BarScale.of(sent);
    int width = BAR * sent.length;
    page.open(
        "svg",
        "class",
        "spark",
        "viewBox",
        "0 0 %d %d".formatted(width, HEIGHT),
        "preserveAspectRatio",
        "none",
        "role",
        "img",
        "aria-label",
        "bytes sent over time");
    StringBuilder bars = new StringBuilder();
    for (int i = 0; i < sent.length; i++) {
      if (sent[i] > 0) {
        double high = Math.max(1.5, scale.height(sent[i]) * HEIGHT);
        bars.append('M').append(BAR * i + 1).append(' ').append(HEIGHT);
        bars.append("v-").append(Svg.number(high));
      }
    }
    page.shape("path", "d", "M0 %dH%d".formatted(HEIGHT, width), "class", "rule");
    page.shape("path", "d", bars.toString(), "class", "bars");
    page.close();
  }
}
