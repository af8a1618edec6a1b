package snapferry.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.failure.ExitCode;
import snapferry.replicate.Heat;

@NullMarked
class RunLogTest {
  private static final Pair WEB = new Pair("web", "berlin");
  private static final Pair DB = new Pair("db", "berlin");
  private static final Instant BEGIN = Instant.parse("2026-03-01T10:00:00Z");
  private static final String ROOT = "0123456789abcdef".repeat(4);

  private static final RunLog.Consequence NOTHING = () -> {};

  @TempDir private Path directory;
  private Path file = Path.of("");

  @BeforeEach
  void place() {
    file = directory.resolve("state/runs.jsonl");
  }

  private static RunRecord well(Pair pair, long epoch) {
    Map<Count, Long> counts = new EnumMap<>(Count.class);
    long value = 1000;
    for (Count count : Count.values()) {
      counts.put(count, value++);
    }
    counts.put(Count.EPOCH, epoch);
    return new RunRecord(
        pair,
        BEGIN.plusSeconds(epoch),
        Duration.ofMillis(1500),
        ExitCode.DONE,
        null,
        new UUID(1, 2),
        new Achievement(ROOT, "scan", counts, new Heat("0".repeat(200) + "5z")));
  }

  private static RunRecord failed(Pair pair, String message) {
    return new RunRecord(
        pair,
        BEGIN.plusSeconds(99),
        Duration.ofMillis(20),
        ExitCode.TRANSPORT,
        message,
        null,
        null);
  }

  private RunLog log(long limit, int keep) {
    return new RunLog(file, limit, keep);
  }

  private static Ledger ledger(RunLog log) throws Exception {
    Ledger ledger = new Ledger(log);
    ledger.refresh();
    return ledger;
  }

  @Test
  void aLineSaysWhatIsKnownAndNothingElse() throws Exception {
    RunLog log = log(RunLog.DEFAULT_LIMIT, 1);
    log.append(well(WEB, 7), NOTHING);
    log.append(failed(DB, "no \"route\"\n"), NOTHING);
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "{\"time\":\"2026-03-01T10:00:07Z\",\"volume\":\"web\",\"standby\":\"berlin\","
                + "\"exit\":0,\"result\":\"done\",\"seconds\":1.5,"
                + "\"identity\":\"00000000-0000-0001-0000-000000000002\",\"root\":\""
                + ROOT
                + "\",\"changeSource\":\"scan\",\"epoch\":7,\"bytesTotal\":1001,\"bytesRead\":1002,"
                + "\"bytesSent\":1003,\"bytesReceived\":1004,\"bytesWritten\":1005,"
                + "\"blocksChanged\":1006,\"zeroBytes\":1007,\"literalBytes\":1008,"
                + "\"copiedBytes\":1009,\"basisRead\":1010,\"journalBytes\":1011,"
                + "\"patrolled\":1012,\"patrolFound\":1013,\"patrolCoverage\":1014,"
                + "\"patrolAgeSeconds\":1015,\"verifyAgeSeconds\":1016,\"snapshotFillPercent\":1017,"
                + "\"heat\":\""
                + "0".repeat(200)
                + "5z\"}",
            "{\"time\":\"2026-03-01T10:01:39Z\",\"volume\":\"db\",\"standby\":\"berlin\","
                + "\"exit\":20,\"result\":\"transport\",\"seconds\":0.02,"
                + "\"message\":\"no \\\"route\\\"\\n\"}");
    assertThat(ledger(log).last(WEB)).isEqualTo(well(WEB, 7));
    assertThat(ledger(log).last(DB)).isEqualTo(failed(DB, "no \"route\"\n"));
  }

  @Test
  void theLedgerKnowsTheLastRunAndTheLastThatWentWell() throws Exception {
    RunLog log = log(RunLog.DEFAULT_LIMIT, 1);
    Ledger ledger = ledger(log);
    assertThat(ledger.last(WEB)).isNull();
    log.append(well(WEB, 7), NOTHING);
    log.append(failed(WEB, "cut"), NOTHING);
    log.append(well(DB, 1), NOTHING);
    ledger.refresh();
    assertThat(ledger.last(WEB)).isEqualTo(failed(WEB, "cut"));
    assertThat(ledger.lastWell(WEB)).isEqualTo(well(WEB, 7));
    log.append(well(WEB, 8), NOTHING);
    ledger.refresh();
    assertThat(ledger.last(WEB)).isEqualTo(well(WEB, 8)).isEqualTo(ledger.lastWell(WEB));
    assertThat(ledger.last(new Pair("mail", "berlin"))).isNull();
  }

  @Test
  void aFullFileIsPutAsideAndTheOldestGoes() throws Exception {
    RunLog log = log(1000, 2);
    Ledger following = ledger(log);
    log.append(well(DB, 1), NOTHING);
    for (int epoch = 1; epoch <= 20; epoch++) {
      log.append(well(WEB, epoch), NOTHING);
      following.refresh();
      assertThat(following.last(WEB)).isEqualTo(well(WEB, epoch));
      assertThat(ledger(log).last(WEB)).isEqualTo(well(WEB, epoch));
    }
    try (Stream<Path> files = Files.list(file.resolveSibling(""))) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "runs.jsonl", "runs.jsonl.1", "runs.jsonl.2", "runs.jsonl.last", "runs.jsonl.lock");
    }
    assertThat(Files.size(file)).isLessThanOrEqualTo(1000);
    assertThat(ledger(log).last(DB)).as("of a file that is gone").isEqualTo(well(DB, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void whoKeepsFewerFilesFromNowOnKeepsNoneOfTheOlder(int fewer) throws Exception {
    RunLog log = log(1000, 5);
    log.append(well(DB, 1), NOTHING);
    for (int epoch = 1; epoch <= 20; epoch++) {
      log.append(well(WEB, epoch), NOTHING);
    }
    assertThat(file.resolveSibling("runs.jsonl.5")).exists();
    RunLog next = log(1000, fewer);
    next.append(well(WEB, 21), NOTHING);
    for (int age = 1; age <= 5; age++) {
      assertThat(Files.exists(file.resolveSibling("runs.jsonl." + age))).isEqualTo(age <= fewer);
    }
    assertThat(ledger(next).last(DB)).as("of a file that is gone").isEqualTo(well(DB, 1));
    assertThat(ledger(next).last(WEB)).isEqualTo(well(WEB, 21));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void aStandbyThatIsDeadForLongDoesNotLoseWhenItWasAlive(int keep) throws Exception {
    RunLog log = log(1500, keep);
    log.append(well(DB, 1), NOTHING);
    log.append(well(DB, 2), NOTHING);
    for (int i = 0; i < 100; i++) {
      log.append(failed(DB, "cut " + i), NOTHING);
      log.append(well(WEB, i + 1L), NOTHING);
      assertThat(ledger(log).last(DB)).isEqualTo(failed(DB, "cut " + i));
      assertThat(ledger(log).lastWell(DB)).isEqualTo(well(DB, 2));
      assertThat(ledger(log).last(WEB)).isEqualTo(well(WEB, i + 1L));
    }
    assertThat(Files.readAllLines(file.resolveSibling("runs.jsonl.last"))).hasSizeBetween(2, 4);
    assertThat(Metrics.text(ledger(log), List.of(DB)))
        .contains("snapferry_epoch{volume=\"db\",standby=\"berlin\"} 2\n");
    History history = History.read(log, BEGIN);
    assertThat(history.runs(WEB)).doesNotHaveDuplicates().last().isEqualTo(well(WEB, 100));
    assertThat(History.read(log, BEGIN.plusSeconds(99)).runs(WEB))
        .as("of this time only")
        .containsExactly(well(WEB, 99), well(WEB, 100));
  }

  @Test
  void noOldFileIsKeptIfNoneIsWanted() throws Exception {
    RunLog log = log(600, 0);
    log.append(well(WEB, 1), NOTHING);
    log.append(well(WEB, 2), NOTHING);
    assertThat(file.resolveSibling("runs.jsonl.1")).doesNotExist();
    assertThat(ledger(log).last(WEB)).isEqualTo(well(WEB, 2));
  }

  @Test
  void aLineThatWasCutOffIsLostAndNoOther() throws Exception {
    RunLog log = log(RunLog.DEFAULT_LIMIT, 1);
    log.append(well(WEB, 1), NOTHING);
    log.append(well(WEB, 2), NOTHING);
    byte[] whole = Files.readAllBytes(file);
    String first = RunLine.encode(well(WEB, 1)) + "\n";
    for (int length = first.length(); length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      Ledger following = ledger(log);
      assertThat(following.last(WEB)).isEqualTo(well(WEB, 1));
      log.append(well(DB, 3), NOTHING);
      following.refresh();
      assertThat(following.last(DB)).isEqualTo(well(DB, 3));
      boolean onlyTheEndIsMissing = length == whole.length - 1;
      assertThat(following.last(WEB)).isEqualTo(well(WEB, onlyTheEndIsMissing ? 2 : 1));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"volume\":\"web\"}",
        "{\"volume\":\"we"
            + " b\",\"standby\":\"b\",\"time\":\"2026-03-01T10:00:00Z\",\"exit\":0,\"seconds\":1}",
        "{\"volume\":\"web\",\"standby\":\"b\",\"time\":\"yesterday\",\"exit\":0,\"seconds\":1}",
        "{\"volume\":\"web\",\"standby\":\"b\",\"time\":\"+99999-03-01T10:00:00Z\",\"exit\":0,\"seconds\":1}",
        "{\"volume\":\"web\",\"standby\":\"b\",\"time\":\"2026-03-01T10:00:00Z\",\"exit\":\"x\",\"seconds\":1}",
        "{\"volume\":\"web\",\"standby\":\"b\",\"time\":\"2026-03-01T10:00:00Z\",\"exit\":0,\"seconds\":1e99}",
        "{\"volume\":\"web\",\"standby\":\"b\",\"time\":\"2026-03-01T10:00:00Z\",\"exit\":0,\"seconds\":-1}",
        "{\"volume\":{},\"standby\":\"b\",\"time\":\"2026-03-01T10:00:00Z\",\"exit\":0,\"seconds\":1}",
        "{\"volume\":\"web\",\"standby\":\"b\",\"time\":\"2026-03-01T10:00:00Z\",\"exit\":0,\"seconds\":1}"
            + " x",
        "{\"volume\":\"web\",\"standby\":\"b\",\"time\":\"2026-03-01T10:00:00Z\",\"exit\":0,\"seconds\":1,"
            + "\"root\":\"\",\"epoch\":-1}",
        "{\"volume\":\"web\",\"standby\":\"b\",\"time\":\"2026-03-01T10:00:00Z\",\"exit\":0,\"seconds\":1,"
            + "\"identity\":\"who\"}",
        "{\"volume\":\"web\",\"standby\":\"b\",\"time\":\"2026-03-01T10:00:00Z\",\"exit\":0,\"seconds\":1,"
            + "\"root\":\"\",\"heat\":\"<b>\"}",
      })
  void whatIsNoLineIsPassedOver(String line) {
    assertThat(RunLine.decode(line)).isNull();
  }

  @Test
  void garbageIsPassedOver() throws Exception {
    RunLog log = log(RunLog.DEFAULT_LIMIT, 1);
    log.append(well(WEB, 1), NOTHING);
    byte[] garbage = new byte[1 << 20];
    new Random(1).nextBytes(garbage);
    Files.write(file, garbage, StandardOpenOption.APPEND);
    Files.write(file, "\n".getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
    Files.write(
        file, "{".repeat(100_000).getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
    log.append(well(DB, 1), NOTHING);
    assertThat(ledger(log).last(WEB)).isEqualTo(well(WEB, 1));
    assertThat(ledger(log).last(DB)).isEqualTo(well(DB, 1));
    String message = "\0".repeat(10_000);
    log.append(failed(WEB, message), NOTHING);
    assertThat(ledger(log).last(WEB))
        .isEqualTo(failed(WEB, message.substring(0, RunLine.MAX_MESSAGE)));
  }

  @Test
  void metricsLeaveOutWhatIsNotKnown() throws Exception {
    RunLog log = log(RunLog.DEFAULT_LIMIT, 1);
    Pair mail = new Pair("mail", "berlin");
    List<Pair> pairs = List.of(WEB, DB, mail);
    assertThat(Metrics.text(ledger(log), pairs)).isEmpty();
    log.append(well(WEB, 7), NOTHING);
    log.append(failed(WEB, "cut"), NOTHING);
    log.append(well(DB, 3), NOTHING);
    String text = Metrics.text(ledger(log), pairs);
    assertThat(text)
        .contains(
            """
            # HELP snapferry_last_run_exit_code How the last run ended, 0 is done.
            # TYPE snapferry_last_run_exit_code gauge
            snapferry_last_run_exit_code{volume="web",standby="berlin"} 20
            snapferry_last_run_exit_code{volume="db",standby="berlin"} 0
            """,
            "snapferry_last_run_success{volume=\"web\",standby=\"berlin\"} 0\n",
            "snapferry_last_run_duration_seconds{volume=\"db\",standby=\"berlin\"} 1.500\n",
            "snapferry_last_run_read_bytes{volume=\"db\",standby=\"berlin\"} 1002\n",
            "snapferry_last_success_timestamp_seconds{volume=\"web\",standby=\"berlin\"}"
                + " 1772359207.000\n",
            "snapferry_verified_timestamp_seconds{volume=\"web\",standby=\"berlin\"}"
                + " 1772358192.500\n",
            "snapferry_snapshot_fill_ratio{volume=\"web\",standby=\"berlin\"} 10.170\n",
            "snapferry_epoch{volume=\"web\",standby=\"berlin\"} 7\n")
        .doesNotContain("mail", "snapferry_last_run_read_bytes{volume=\"web\"");
    assertThat(text.lines())
        .allMatch(
            line ->
                line.matches("# (HELP|TYPE) snapferry_[a-z_]+ .+")
                    || line.matches(
                        "snapferry_[a-z_]+\\{volume=\"[a-z]+\",standby=\"[a-z]+\"} [0-9.]+"));
  }

  @Test
  void metricsAreReplacedAsAWholeAndReadableByAll() throws Exception {
    Path metrics = directory.resolve("snapferry.prom");
    new MetricsFile(metrics).replace("one\n");
    new MetricsFile(metrics).replace("two\n");
    assertThat(metrics).hasContent("two\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(metrics)))
        .isEqualTo("rw-r--r--");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(metrics);
    }
  }

  @Test
  void everyExitCodeHasItsPlaceAmongTheWorse() {
    assertThat(Severity.ORDER).containsExactlyInAnyOrder(ExitCode.values());
    assertThat(Severity.worse(ExitCode.DONE, ExitCode.WARNINGS)).isEqualTo(ExitCode.WARNINGS);
    assertThat(Severity.worse(ExitCode.INTEGRITY, ExitCode.TRANSPORT))
        .isEqualTo(ExitCode.INTEGRITY);
  }
}
