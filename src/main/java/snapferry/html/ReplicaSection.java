package snapferry.html;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import snapferry.codec.Amount;
import snapferry.ledger.RunRecord;

/** All there is of one standby: how it stands, its timeline, the map of its volume, its runs. */
final class ReplicaSection {
  private static final int RUNS = 20;
  private static final int PLACES = 5;

  private final Markup page;
  private final Replica replica;
  private final Instant now;

  private ReplicaSection(Markup page, Replica replica, Instant now) {
    this.page = page;
    this.replica = replica;
    this.now = now;
  }

  static void draw(
      Markup page, Replica replica, TimeAxis timelineAxis, TimeAxis mapAxis, Instant now) {
    new ReplicaSection(page, replica, now).draw(timelineAxis, mapAxis);
  }

  /** Where links lead to; a name has no characters that mean anything in one. */
  static String id(Replica replica) {
    return "of-" + replica.pair().volume() + "-to-" + replica.pair().standby();
  }

  private void draw(TimeAxis timelineAxis, TimeAxis mapAxis) {
    String name = replica.pair().toString();
    page.open("section", "id", id(replica), "aria-label", name).line();
    page.open("h2").text(replica.pair().volume()).element("span", " to ", "class", "dim");
    page.text(replica.pair().standby() + " ");
    Health health = Health.of(replica, now);
    ReportPage.badge(page, health, health.label());
    page.close().line();
    facts();
    if (replica.runs().isEmpty()) {
      page.element("p", "No run in this time.", "class", "empty").close().line();
      return;
    }
    TimelineDrawing.draw(page, Timeline.of(replica.runs(), timelineAxis), name);
    @Nullable HeatMap map = HeatMap.of(replica.runs(), mapAxis);
    if (map == null) {
      page.element(
          "p", "No epoch after the first in this time, so nothing changed yet.", "class", "empty");
    } else {
      HeatMapDrawing.draw(page, map, name);
      places(map);
    }
    runs();
    page.close().line();
  }

  private void facts() {
    page.open("dl");
    fact("source", replica.source());
    fact("standby", replica.target());
    fact("state", replica.state());
    replica.facts().forEach(fact -> fact(fact.name(), fact.value()));
    page.close().line();
  }

  private void fact(String name, String value) {
    page.open("div").element("dt", name).element("dd", value).close();
  }

  /** The same as the map says, for those who cannot see it. */
  private void places(HeatMap map) {
    List<Integer> parts =
        IntStream.range(0, map.parts())
            .boxed()
            .filter(part -> map.changes(part) > 0)
            .sorted(Comparator.comparing(part -> -map.changes(part)))
            .limit(PLACES)
            .toList();
    if (parts.isEmpty()) {
      return;
    }
    page.open("details").element("summary", "Where it changes most").line();
    page.open("div", "class", "wide").open("table").line().open("thead").open("tr");
    for (String heading : List.of("From byte", "To byte", "Epochs", "Of")) {
      page.element("th", heading, "scope", "col");
    }
    page.close().close().line().open("tbody").line();
    for (int part : parts) {
      page.open("tr");
      for (long number :
          new long[] {
            map.offset(part), map.offset(part + 1) - 1, map.changes(part), map.epochs()
          }) {
        page.element("td", Amount.count(number), "class", "number");
      }
      page.close().line();
    }
    page.close().close().close().close().line();
  }

  private void runs() {
    List<RunRecord> all = replica.runs();
    List<RunRecord> newest =
        new ArrayList<>(all.subList(Math.max(0, all.size() - RUNS), all.size()));
    Collections.reverse(newest);
    String which =
        all.size() > RUNS
            ? "The last %d of %s".formatted(RUNS, Amount.count(all.size(), "run"))
            : Amount.count(all.size(), "run");
    page.open("details").element("summary", which).line();
    RunTable.draw(page, newest, false);
    page.close().line();
  }
}
