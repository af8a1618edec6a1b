package snapferry.html;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import snapferry.codec.Amount;
import snapferry.ledger.RunRecord;

/**
 * The page: who is well, what failed, and a section for each standby with its timeline and the map
 * of its volume. One document, which loads nothing and runs nothing: its own policy forbids it.
 */
public final class ReportPage {
  private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";
  private static final int TIMELINE_SLOTS = 96;
  private static final int MAP_SLOTS = 30;
  private static final int MOST_FAILURES = 20;

  private final Markup page = new Markup();
  private final List<Replica> replicas;
  private final Instant since;
  private final Instant now;
  private final TimeAxis timelineAxis;
  private final TimeAxis mapAxis;

  private ReportPage(List<Replica> replicas, Instant since, Instant now) {
    this.replicas = replicas;
    this.since = since;
    this.now = now;
    Instant first =
        replicas.stream()
            .flatMap(replica -> replica.runs().stream())
            .map(RunRecord::begun)
            .filter(begun -> begun.isBefore(now))
            .min(Comparator.naturalOrder())
            .orElse(now);
    this.timelineAxis = TimeAxis.over(first, now, TIMELINE_SLOTS);
    this.mapAxis = TimeAxis.over(first, now, MAP_SLOTS);
  }

  /**
   * The page of {@code replicas}.
   *
   * @param host whose page it is
   * @param since from when on runs were looked at
   * @param note what the reader should know of how it was made; null for nothing
   */
  public static String of(
      List<Replica> replicas, String host, Instant since, Instant now, @Nullable String note) {
    return new ReportPage(replicas, since, now).draw(host, note);
  }

  private String draw(String host, @Nullable String note) {
    page.doctype().open("html", "lang", "en").line().open("head").line();
    page.lone("meta", "charset", "utf-8").line();
    page.lone("meta", "http-equiv", "Content-Security-Policy", "content", POLICY).line();
    page.lone("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").line();
    page.lone("meta", "name", "color-scheme", "content", "light dark").line();
    page.element("title", "Snapferry on " + host).line();
    page.style(resource("report.css")).line();
    page.close().line().open("body").line();
    head(host, note);
    page.open("main").line();
    if (replicas.isEmpty()) {
      page.element("p", "The configuration has no volumes.", "class", "empty");
    } else {
      OverviewTable.draw(page, replicas, timelineAxis, now);
      failures();
      for (Replica replica : replicas) {
        ReplicaSection.draw(page, replica, timelineAxis, mapAxis, now);
      }
    }
    page.close().line().close().line().close().line();
    return page.toString();
  }

  private static String resource(String name) {
    try (InputStream stream = ReportPage.class.getResourceAsStream(name)) {
      return new String(
          Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // It is in the same file as this class.
    }
  }

  private void head(String host, @Nullable String note) {
    page.open("header").line();
    page.open("h1").text("Snapferry ").element("span", "on " + host).close().line();
    page.open("p", "class", "tally");
    Map<Health, Integer> counts = new EnumMap<>(Health.class);
    replicas.forEach(each -> counts.merge(Health.of(each, now), 1, Integer::sum));
    counts.forEach((health, count) -> badge(page, health, count + " " + health.label()));
    page.close().line();
    page.open("p", "class", "when").text("As of ");
    Times.at(page, now);
    page.text(" UTC, with the runs of the last " + Amount.age(Duration.between(since, now)) + ".");
    if (note != null) {
      page.text(" " + note);
    }
    page.close().line().close().line();
  }

  /** A word in a coloured box; it has a sign as well, for who sees no colours. */
  static void badge(Markup page, Health health, String text) {
    page.element("span", text, "class", "badge " + health.style());
  }

  private void failures() {
    List<RunRecord> failed =
        replicas.stream()
            .flatMap(replica -> replica.runs().stream())
            .filter(run -> !run.isWell())
            .sorted(Comparator.comparing(RunRecord::begun).reversed())
            .toList();
    if (failed.isEmpty()) {
      return;
    }
    page.open("section", "aria-labelledby", "failed").line();
    page.element("h2", "What failed", "id", "failed").line();
    List<RunRecord> shown = failed.subList(0, Math.min(MOST_FAILURES, failed.size()));
    RunTable.draw(page, shown, true);
    if (failed.size() > shown.size()) {
      page.element(
          "p",
          "The newest %s of %s runs that failed."
              .formatted(Amount.count(shown.size()), Amount.count(failed.size())),
          "class",
          "dim");
    }
    page.close().line();
  }
}
