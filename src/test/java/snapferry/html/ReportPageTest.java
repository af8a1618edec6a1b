package snapferry.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.ledger.Pair;
import snapferry.ledger.RunRecord;

@NullMarked
class ReportPageTest {
  private static final Pair WEB = new Pair("web", "berlin");
  private static final Duration EVERY = Duration.ofMinutes(5);
  private static final Pattern ELSEWHERE = Pattern.compile("(?i)https?:|src=|url\\(|@import");

  private static String page(List<Replica> replicas) {
    return ReportPage.of(replicas, "atlas", Runs.NOW.minus(Duration.ofDays(30)), Runs.NOW, null);
  }

  private static long count(String page, String what) {
    return page.split(Pattern.quote(what), -1).length - 1L;
  }

  @Test
  void whateverTextSaysItIsText() {
    String evil =
        "</title><script>document.title='x'</script><img src=x onerror=alert(1)>'\"&\u202e\0";
    List<RunRecord> runs = List.of(Runs.failed(WEB, Runs.NOW.minusSeconds(9), evil));
    Replica replica =
        new Replica(
            WEB,
            evil,
            evil,
            evil,
            false,
            1,
            Runs.NOW,
            null,
            List.of(new Replica.Fact(evil, evil)),
            runs.get(0),
            runs);
    String page = ReportPage.of(List.of(replica), evil, Runs.NOW.minusSeconds(99), Runs.NOW, evil);
    String shown =
        "&lt;/title&gt;&lt;script&gt;document.title=&#39;x&#39;&lt;/script&gt;&lt;img src=x"
            + " onerror=alert(1)&gt;&#39;&quot;&amp;\\u202e\\u0000";
    assertThat(page)
        .contains(shown)
        .doesNotContain("<script", "<img", "\u202e", "\0", evil.substring(0, 9) + "<");
    assertThat(count(page, "script&gt;document")).isEqualTo(count(page, shown));
    assertThat(page).contains("content=\"default-src &#39;none&#39;; style-src");
  }

  @Test
  void aPageWithoutVolumesOrRunsSaysSo() {
    assertThat(page(List.of())).contains("The configuration has no volumes.");
    assertThat(page(List.of(Runs.replica(WEB, List.of()))))
        .contains("No run in this time.", "<span class=\"badge new\">no run yet</span>")
        .doesNotContain("What failed", "<figure>");
  }

  @Test
  void aFirstCopyIsDrawnButIsNoChange() {
    String page = page(List.of(Runs.replica(WEB, Runs.series(WEB, 1, EVERY))));
    assertThat(count(page, "<figure>")).isOne();
    assertThat(page)
        .contains(": 1 run; epoch 1; read 1.0 TiB, sent 512 GiB; longest 1.50 s</title>")
        .contains("nothing changed yet");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 100, 10_000})
  void aDrawingIsOfOneSizeHoweverManyRunsThereAre(int runs) {
    String page = page(List.of(Runs.replica(WEB, Runs.series(WEB, runs, EVERY))));
    assertThat(count(page, "<figure>")).isEqualTo(2);
    assertThat(page.length()).isBetween(10_000, 500_000);
    assertThat(ELSEWHERE.matcher(page).results().map(found -> found.group())).isEmpty();
    assertThat(page).contains("in %,d epoch".formatted(runs - 1));
  }

  @Test
  void manyVolumesHaveASectionEach() {
    List<Replica> replicas = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Pair pair = new Pair("v" + i, "s");
      replicas.add(Runs.replica(pair, Runs.series(pair, i % 5, EVERY)));
    }
    String page = page(replicas);
    assertThat(count(page, "<section id=\"of-v")).isEqualTo(200);
    assertThat(count(page, "href=\"#of-v")).isEqualTo(200);
    assertThat(page).contains("<span class=\"badge ok\">160 ok</span>", "40 no run yet");
  }

  @Test
  void theMapSaysWhereAndHowOften() {
    String heat = "0".repeat(64) + "4" + "0".repeat(191);
    List<RunRecord> runs = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      String now = i % 2 == 0 ? "0".repeat(256) : heat;
      runs.add(Runs.well(WEB, Runs.NOW.minus(EVERY.multipliedBy(10 - i)), i + 1L, now));
    }
    assertThat(page(List.of(Runs.replica(WEB, runs))))
        .contains("<title>256 GiB – 260 GiB: changed in 5 of 9 epochs (56 %)</title>")
        .contains("<td class=\"number\">274,877,906,944</td>");
  }

  @Test
  void whatFailedIsCrossedAndListedFromTheNewestOn() {
    List<RunRecord> runs = new ArrayList<>(Runs.series(WEB, 3, Duration.ofHours(12)));
    for (int i = 0; i < 25; i++) {
      runs.add(Runs.failed(WEB, Runs.NOW.minusSeconds(25 - i), "cut " + i + "."));
    }
    String page = page(List.of(Runs.replica(WEB, runs)));
    assertThat(count(page, "class=\"cross\"")).as("all in one slot").isOne();
    assertThat(count(page, "class=\"dot\"")).as("and one of each that went well").isEqualTo(3);
    assertThat(page).contains("The newest 20 of 25 runs that failed.").doesNotContain("cut 4.");
    String listed = page.substring(page.indexOf("id=\"failed\""), page.indexOf("id=\"of-web"));
    assertThat(listed).containsSubsequence("cut 24.", "cut 23.", "cut 6.", "cut 5.");
    assertThat(count(listed, "class=\"bad\"")).isEqualTo(20);
    assertThat(listed).doesNotContain("class=\"well\"");
  }

  @Test
  void aStandbyIsLateWhenRoundsWereMissed() {
    List<RunRecord> runs = Runs.series(WEB, 20, EVERY);
    Replica now = Runs.replica(WEB, runs);
    assertThat(Health.of(now, Runs.NOW)).isEqualTo(Health.OK);
    assertThat(Health.of(now, Runs.NOW.plus(Duration.ofHours(1))))
        .as("four times what is usual")
        .isEqualTo(Health.LATE);
    assertThat(Health.of(every(now, Duration.ofHours(1)), Runs.NOW.plus(Duration.ofHours(1))))
        .isEqualTo(Health.OK);
    assertThat(Health.of(every(now, EVERY), Runs.NOW.plus(EVERY.multipliedBy(2))))
        .isEqualTo(Health.LATE);
    List<RunRecord> cut = new ArrayList<>(runs);
    cut.add(Runs.failed(WEB, Runs.NOW, "cut"));
    assertThat(Health.of(Runs.replica(WEB, cut), Runs.NOW)).isEqualTo(Health.FAILED);
  }

  private static Replica every(Replica replica, Duration every) {
    return new Replica(
        replica.pair(),
        replica.source(),
        replica.target(),
        replica.state(),
        replica.sound(),
        replica.epoch(),
        replica.time(),
        every,
        replica.facts(),
        replica.last(),
        replica.runs());
  }
}
