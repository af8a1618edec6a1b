package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rounds of a configuration, with real processes at the far ends. */
@NullMarked
@Timeout(120)
class RunIT {
  private static final Pattern EPOCH = Pattern.compile("snapferry_epoch\\{[^}]*} (\\d+)\n");
  private static final Pattern VERIFIED =
      Pattern.compile("snapferry_verified_timestamp_seconds\\{[^}]*} (\\d+)");

  private final List<Process> started = new ArrayList<>();
  @TempDir private Path directory;
  private Launcher launcher = new Launcher(Path.of(""));
  private Path web = Path.of("");
  private Path db = Path.of("");

  @BeforeEach
  void makeVolumes() throws Exception {
    launcher = new Launcher(directory);
    web = Images.make(directory.resolve("web.img"), 1);
    db = Images.make(directory.resolve("db.img"), 2);
  }

  /** Who stays in the foreground would stay after a test that fails. */
  @AfterEach
  void endAll() {
    started.forEach(Process::destroyForcibly);
  }

  private Path standby(String volume, String name) {
    return directory.resolve(volume + "-" + name + ".img");
  }

  private String target(String volume, String name) {
    return "standby.%s.target = \"%s:%s\"\n".formatted(name, name, standby(volume, name));
  }

  private void configure(String text) throws Exception {
    String over =
        "rsh = \"'%s'\"\nremote-command = \"'%s'\"\nremote-state-dir = \"%s\"\n"
            .formatted(Launcher.localRsh(), Launcher.program(), directory.resolve("far"));
    Files.writeString(directory.resolve("s.toml"), over + text.replace("$DIR", "" + directory));
  }

  private Launcher.Result run(String command, String... more) throws Exception {
    return start(command, more).await();
  }

  private Launcher.Running start(String command, String... more) throws Exception {
    String[] words = new String[more.length + 3];
    words[0] = command;
    words[1] = "--config";
    words[2] = "s.toml";
    System.arraycopy(more, 0, words, 3, more.length);
    Launcher.Running running = launcher.start(words);
    started.add(running.process());
    return running;
  }

  /** Rows of a table, with a bar between their cells. */
  private static List<String> rows(String table) {
    return table.lines().map(line -> line.replaceAll("  +", "|")).toList();
  }

  @Test
  void aDeadStandbyKeepsNoOtherWaiting() throws Exception {
    configure(
        """
        metrics-file = "$DIR/snapferry.prom"
        timeout = 60
        [volume.web]
        source = "$DIR/web.img"
        standby.hangs = { target = "hangs:web", rsh = "sh -c 'exec sleep 100'", timeout = 3 }
        standby.exits = { target = "exits:web", rsh = "sh -c 'exit 255'" }
        """
            + target("web", "a")
            + target("web", "b")
            + "[volume.db]\nsource = \"$DIR/db.img\"\n"
            + target("db", "a")
            + target("db", "b"));
    Launcher.Result round = run("run");
    assertThat(round.exit()).as(round.err()).isEqualTo(20);
    for (String name : List.of("a", "b")) {
      assertThat(standby("web", name)).hasSameBinaryContentAs(web);
      assertThat(standby("db", name)).hasSameBinaryContentAs(db);
    }
    assertThat(round.err())
        .contains("snapferry: web/hangs: nothing was heard from the other end for 3 seconds")
        .contains("snapferry: web/exits: sh could not connect to exits");
    assertThat(round.out()).contains("db/b: db.img: epoch 1 (root ");
    List<String> table = rows(round.out());
    assertThat(table.subList(table.size() - 7, table.size()))
        .satisfiesExactly(
            row -> assertThat(row).isEqualTo("VOLUME|STANDBY|EPOCH|READ|SENT|WROTE|TIME|RESULT"),
            row -> assertThat(row).matches("web\\|hangs\\|-\\|-\\|-\\|-\\|[0-9.]+ s\\|transport"),
            row -> assertThat(row).matches("web\\|exits\\|-\\|-\\|-\\|-\\|[0-9.]+ s\\|transport"),
            row -> assertThat(row).matches("web\\|a\\|1\\|1.0 MiB\\|1.0 MiB\\|1.0 MiB\\|.*\\|done"),
            row -> assertThat(row).matches("web\\|b\\|1\\|.*\\|done"),
            row -> assertThat(row).matches("db\\|a\\|1\\|.*\\|done"),
            row -> assertThat(row).matches("db\\|b\\|1\\|.*\\|done"));
    assertThat(Files.readAllLines(directory.resolve("state/runs.jsonl")))
        .hasSize(6)
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains(
                        "\"standby\":\"hangs\"", "\"exit\":20", "\"message\":\"nothing was heard"));
    assertThat(directory.resolve("snapferry.prom"))
        .content()
        .contains(
            "snapferry_last_run_exit_code{volume=\"web\",standby=\"exits\"} 20\n",
            "snapferry_epoch{volume=\"db\",standby=\"b\"} 1\n")
        .doesNotContain("snapferry_epoch{volume=\"web\",standby=\"exits\"}");
    assertStatus();
  }

  private void assertStatus() throws Exception {
    Launcher.Result status = run("status");
    assertThat(status.exit()).as(status.err()).isEqualTo(11);
    assertThat(rows(status.out()))
        .contains(
            "VOLUME|STANDBY|EPOCH|AGE|BEHIND|VERIFIED|PATROL|JOURNAL|SNAPSHOT|STATE|LAST RUN|RESULT")
        .anyMatch(
            row ->
                row.matches(
                    "web\\|exits\\|-\\|-\\|-\\|-\\|-\\|-\\|-\\|unknown\\|.* ago\\|transport: sh .*"))
        .anyMatch(
            row ->
                row.matches(
                    "db\\|a\\|1\\|\\d+ seconds?\\|-\\|-\\|-\\|0 B\\|-\\|standing\\|.* ago\\|done"));
    // The source remembers more than the run log does.
    Images.flip(db, 70_000);
    Launcher.Result typed =
        launcher.runOverLocalRsh(
            "push",
            "--remote-state-dir",
            directory.resolve("far").toString(),
            db.toString(),
            "a:" + standby("db", "a"));
    assertThat(typed.exit()).as(typed.err()).isZero();
    Map<String, Object> of =
        run("status", "--json").events().stream()
            .filter(event -> "db".equals(event.get("volume")) && "a".equals(event.get("standby")))
            .findFirst()
            .orElseThrow();
    assertThat(of)
        .containsEntry("event", "replication")
        .containsEntry("state", "standing")
        .containsEntry("epoch", 2L)
        .containsEntry("exit", 0L)
        .containsKeys("time", "lagSeconds", "lastRun");
  }

  @Test
  void aSignalCutsTheRunsAndTheNextRoundGoesOn() throws Exception {
    configure(
        "bwlimit = 16\n[volume.web]\nsource = \"$DIR/web.img\"\n"
            + target("web", "a")
            + target("web", "b"));
    Launcher.Running running = start("run", "--every", "1h");
    for (String name : List.of("a", "b")) {
      await(running, () -> Files.exists(standby("web", name)));
    }
    List<ProcessHandle> children = running.process().descendants().toList();
    running.process().destroy();
    Launcher.Result cut = running.await();
    assertThat(cut.exit()).as(cut.err()).isEqualTo(130);
    assertThat(cut.err())
        .contains("snapferry: web/a: interrupted", "snapferry: web/b: interrupted");
    assertThat(children).isNotEmpty();
    for (ProcessHandle child : children) {
      await(running, () -> !child.isAlive());
    }
    configure(
        "[volume.web]\nsource = \"$DIR/web.img\"\n" + target("web", "a") + target("web", "b"));
    Launcher.Result next = run("run", "-q");
    assertThat(next).isEqualTo(new Launcher.Result(0, "", ""));
    assertThat(standby("web", "a")).hasSameBinaryContentAs(web);
    assertThat(standby("web", "b")).hasSameBinaryContentAs(web);
  }

  @Test
  void aConstantModeGoesRoundAndItsMetricsAreAlwaysWhole() throws Exception {
    configure(
        """
        every = "1s"
        metrics-file = "$DIR/snapferry.prom"
        run-log = "$DIR/log/runs.jsonl"
        run-log-size = "64K"
        run-log-keep = 1
        [volume.web]
        source = "$DIR/web.img"
        standby.here.target = "$DIR/web-here.img"
        """);
    Path log = directory.resolve("log/runs.jsonl");
    Files.createDirectory(log.resolveSibling(""));
    Files.writeString(log, "x".repeat((64 << 10) - 700) + "\n");
    Launcher.Running running = start("run");
    Path metrics = directory.resolve("snapferry.prom");
    long epoch = 0;
    int reads = 0;
    while (epoch < 3) {
      assertThat(running.process().isAlive()).as("constant mode").isTrue();
      long now = epoch(metrics);
      assertThat(now).isGreaterThanOrEqualTo(epoch);
      epoch = now;
      reads++;
    }
    running.process().destroy();
    Launcher.Result stopped = running.await();
    assertThat(stopped.exit()).as(stopped.err()).isIn(0, 130);
    assertThat(stopped.out()).contains("web/here: web.img: epoch 2 (root ");
    assertThat(reads).isGreaterThan(3);
    assertThat(standby("web", "here")).hasSameBinaryContentAs(web);
    assertThat(log.resolveSibling("runs.jsonl.1")).exists();
    assertThat(Files.size(log)).isLessThan(64 << 10);
  }

  /** The epoch that a whole file of metrics tells; 0 while there is none. */
  private static long epoch(Path metrics) throws Exception {
    String text;
    try {
      text = Files.readString(metrics);
    } catch (NoSuchFileException e) {
      return 0;
    }
    assertThat(text).startsWith("# HELP snapferry_last_run_timestamp_seconds ").endsWith("\n");
    List<String> epochs = EPOCH.matcher(text).results().map(RunIT::number).toList();
    assertThat(epochs).hasSize(1);
    return Long.parseLong(epochs.get(0));
  }

  private static String number(MatchResult match) {
    return match.group(1);
  }

  @Test
  void metricsTellWhenAStandbyWasComparedAsAWhole() throws Exception {
    configure(
        """
        metrics-file = "$DIR/snapferry.prom"
        [volume.web]
        source = "$DIR/web.img"
        standby.here.target = "$DIR/web-here.img"
        """);
    Path metrics = directory.resolve("snapferry.prom");
    assertThat(run("run").exit()).isEqualTo(0);
    assertThat(metrics).content().doesNotContain("snapferry_verified_timestamp_seconds");
    assertThat(launcher.run("verify", "web-here.img").exit()).isEqualTo(0);
    assertThat(run("run").exit()).isEqualTo(0);
    Matcher verified = VERIFIED.matcher(Files.readString(metrics));
    assertThat(verified.find()).isTrue();
    assertThat(Long.parseLong(verified.group(1)))
        .isCloseTo(Instant.now().getEpochSecond(), within(300L));
  }

  @Test
  void aStopBetweenRunsIsNoFailure() throws Exception {
    configure(
        """
        [volume.web]
        source = "$DIR/web.img"
        every = "1h"
        standby.here.target = "$DIR/web-here.img"
        """);
    Launcher.Running running = start("run", "web");
    await(running, () -> Files.exists(directory.resolve("state/runs.jsonl")));
    await(running, () -> Files.readString(directory.resolve("state/runs.jsonl")).endsWith("\n"));
    Thread.sleep(100);
    running.process().destroy();
    Launcher.Result stopped = running.await();
    assertThat(stopped.exit()).as(stopped.err()).isZero();
    assertThat(stopped.err()).isEmpty();

    Launcher.Result once = run("run", "--once", "--json");
    assertThat(once.exit()).as(once.err()).isZero();
    assertThat(once.lastEvent())
        .containsEntry("event", "round")
        .containsEntry("runs", 1L)
        .containsEntry("well", 1L)
        .containsEntry("exit", 0L);
    assertThat(once.events())
        .filteredOn(event -> "summary".equals(event.get("event")))
        .singleElement()
        .satisfies(
            event -> assertThat(event).containsEntry("run", "web/here").containsEntry("epoch", 2L));
  }

  @Test
  void aVolumeOfAnotherHostIsPulledAndADryRunWritesNothing() throws Exception {
    configure(
        """
        [volume.web]
        source = "elsewhere:$DIR/web.img"
        standby.here.target = "$DIR/web-here.img"
        """);
    Launcher.Result dry = run("run", "-n");
    assertThat(dry.exit()).as(dry.err()).isZero();
    assertThat(dry.out()).contains("web/here: web.img: dry run, 16 blocks would change");
    assertThat(standby("web", "here")).doesNotExist();
    assertThat(directory.resolve("state/runs.jsonl")).doesNotExist();
    Launcher.Result pulled = run("run");
    assertThat(pulled.exit()).as(pulled.err()).isZero();
    assertThat(standby("web", "here")).hasSameBinaryContentAs(web);
    Launcher.Result status = run("status");
    assertThat(status.exit()).as(status.out()).isZero();
    assertThat(rows(status.out()))
        .last()
        .asString()
        .matches(
            "web\\|here\\|1\\|\\d+ seconds?\\|-\\|-\\|-\\|0 B\\|-\\|standing\\|\\d+ seconds?"
                + " ago\\|done");
  }

  @Test
  void whatIsWrongIsSaidWithFileAndLineAndNothingIsRun() throws Exception {
    Files.writeString(
        directory.resolve("s.toml"),
        """
        timeout = 2
        [volume.web]
        source = "/x"
        standby.a.target = "h:x"
        """);
    for (String command : List.of("run", "check-config", "status")) {
      Launcher.Result refused = run(command);
      assertThat(refused.exit()).isEqualTo(2);
      assertThat(refused.out()).isEmpty();
      assertThat(refused.err())
          .isEqualTo("snapferry: s.toml:1: timeout takes seconds from 3 to 3600, not '2'\n");
    }
    Files.writeString(directory.resolve("s.toml"), "x = 1\ny = 2\n");
    assertThat(run("check-config").err().lines())
        .startsWith(
            "snapferry: s.toml:1: there is no key x", "snapferry: s.toml:2: there is no key y");
    Files.delete(directory.resolve("s.toml"));
    assertThat(run("run").err()).isEqualTo("snapferry: there is no configuration s.toml\n");
  }

  @Test
  void aSoundConfigurationIsListedAsTheCommandsThatItIs() throws Exception {
    Files.writeString(
        directory.resolve("s.toml"),
        """
        timeout = 9
        [volume.web]
        source = "/x"
        standby.a.target = "h:x y"
        """);
    Launcher.Result checked = run("check-config", "-v", "--state-dir", "/s");
    assertThat(checked.exit()).as(checked.err()).isZero();
    assertThat(rows(checked.out()))
        .containsExactly("VOLUME|SOURCE|STANDBY|TARGET|EVERY", "web|/x|a|h:x y|-");
    assertThat(checked.err())
        .isEqualTo("snapferry: web/a: snapferry push --timeout=9 --state-dir=/s -- /x 'h:x y'\n");
    assertThat(run("run", "mail").err()).contains("no volume is called mail; there is web");
    assertThat(run("run", "--once", "--every", "5m").exit()).isEqualTo(2);
  }

  @Test
  void linesForTheJournalSayHowUrgentTheyAre() throws Exception {
    configure(
        """
        [volume.web]
        source = "$DIR/web.img"
        standby.here.target = "$DIR/web-here.img"
        standby.no.target = "$DIR/no/x"
        """);
    Path out = directory.resolve("out");
    Process shell =
        new ProcessBuilder(
                "sh",
                "-c",
                "JOURNAL_STREAM=$(stat -Lc %d:%i /proc/self/fd/2) exec '"
                    + Launcher.program()
                    + "' run --config s.toml --state-dir state")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(shell.waitFor()).isEqualTo(2);
    assertThat(Files.readString(out, StandardCharsets.UTF_8).lines())
        .allMatch(line -> line.matches("<[346]>.*"))
        .anyMatch(line -> line.startsWith("<6>web/here: web.img: epoch 1"))
        .anyMatch(line -> line.startsWith("<3>web/no: ") && line.contains("there is no directory"));
  }

  @Test
  void aWatchLooksAgainUntilItIsInterrupted() throws Exception {
    configure(
        """
        [volume.web]
        source = "$DIR/web.img"
        standby.here.target = "$DIR/web-here.img"
        """);
    Launcher.Running watch = start("status", "--watch");
    await(watch, () -> Files.readString(watch.out()).split("VOLUME", -1).length > 2);
    watch.process().destroy();
    assertThat(watch.await().exit()).isEqualTo(130);
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Launcher.Running running, Condition condition) throws Exception {
    for (int tries = 0; tries < 2000; tries++) {
      if (condition.holds()) {
        return;
      }
      Thread.sleep(20);
    }
    throw new AssertionError("never came: " + Files.readString(running.err()));
  }
}
