package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.DOUBLE;
import static org.assertj.core.api.InstanceOfAssertFactories.LONG;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way through all commands, with real files and a far end in a process of its own. */
@NullMarked
class ReplicationIT {
  @TempDir private Path directory;
  private Launcher launcher = new Launcher(Path.of(""));
  private Path source = Path.of("");
  private Path target = Path.of("");

  @BeforeEach
  void makeVolume() throws Exception {
    launcher = new Launcher(directory);
    source = Images.make(directory.resolve("vol0.img"), 1);
    target = directory.resolve("standby of vol0.img");
  }

  @Test
  void aPushSeedsAndThenSendsWhatChanged() throws Exception {
    Launcher.Result seed = launcher.runOverLocalRsh("push", "vol0.img", "host:" + target);
    assertThat(seed.err()).isEmpty();
    assertThat(seed.out())
        .matches(
            "vol0\\.img: epoch 1 \\(root [0-9a-f]{12}\\), 16 blocks changed; read 1\\.0 MiB of 4\\.0"
                + " MiB, sent 1\\.0 MiB, received \\d+ B, wrote 1\\.0 MiB in [0-9.]+ s\n");
    assertThat(seed.exit()).isZero();
    assertThat(target).hasSameBinaryContentAs(source);

    Images.flip(source, 70_000);
    Launcher.Result delta =
        launcher.runOverLocalRsh("push", "--json", "vol0.img", "host:" + target);
    assertThat(delta.err()).isEmpty();
    assertThat(target).hasSameBinaryContentAs(source);
    assertThat(delta.events())
        .extracting(event -> event.get("event"))
        .containsSubsequence("phase", "note", "phase", "progress", "summary")
        .containsOnlyOnce("summary")
        .endsWith("summary");
    Map<String, Object> summary = delta.lastEvent();
    assertThat(summary.keySet())
        .containsExactly(
            "event",
            "volume",
            "epoch",
            "root",
            "changeSource",
            "bytesTotal",
            "bytesRead",
            "bytesSent",
            "bytesReceived",
            "bytesWritten",
            "blocksChanged",
            "zeroBytes",
            "literalBytes",
            "copiedBytes",
            "seconds",
            "result",
            "basisRead",
            "journalBytes",
            "exit",
            "patrolled",
            "patrolFound",
            "patrolCoverage",
            "patrolAgeSeconds");
    assertThat(summary)
        .containsEntry("volume", "vol0.img")
        .containsEntry("epoch", 2L)
        .containsEntry("changeSource", "scan")
        .containsEntry("bytesTotal", (long) Images.SIZE)
        .containsEntry("bytesRead", (long) Images.RANDOM)
        .containsEntry("bytesWritten", 4096L)
        .containsEntry("blocksChanged", 1L)
        .containsEntry("zeroBytes", 0L)
        .containsEntry("literalBytes", 4096L)
        .containsEntry("copiedBytes", 0L)
        .containsEntry("result", "done")
        .containsEntry("basisRead", (long) Images.BLOCK)
        .containsEntry("exit", 0L);
    assertThat(summary.get("root")).asString().matches("[0-9a-f]{64}");
    assertThat(summary.get("seconds")).asInstanceOf(DOUBLE).isPositive();
    assertThat(summary.get("bytesSent")).asInstanceOf(LONG).isBetween(4096L, 10_000L);
  }

  @Test
  void aPullFetchesTheSame() throws Exception {
    Launcher.Result seed = launcher.runOverLocalRsh("pull", "host:" + source, target.toString());
    assertThat(seed.err()).isEmpty();
    assertThat(seed.exit()).isZero();
    assertThat(target).hasSameBinaryContentAs(source);

    Images.flip(source, 5);
    Launcher.Result delta =
        launcher.runOverLocalRsh(
            "pull", "-q", "--compress", "none", "host:" + source, target.toString());
    assertThat(delta).isEqualTo(new Launcher.Result(0, "", ""));
    assertThat(target).hasSameBinaryContentAs(source);
  }

  @Test
  void bothEndsFitIntoOneProcess() throws Exception {
    Launcher.Result seed = launcher.run("push", "--stats", "vol0.img", target.toString());
    assertThat(seed.err()).isEmpty();
    assertThat(seed.out()).contains("blocks changed                                16");
    assertThat(target).hasSameBinaryContentAs(source);
    Images.flip(source, 5);
    assertThat(launcher.run("pull", "-v", "vol0.img", target.toString()).err())
        .endsWith(
            "snapferry: vol0.img: epoch 2 by scan; both ends hold the signature of epoch 1\n");
    assertThat(target).hasSameBinaryContentAs(source);
  }

  @Test
  void aDryRunWritesNothingAtAll() throws Exception {
    Launcher.Result dry = launcher.runOverLocalRsh("push", "-n", "vol0.img", "host:" + target);
    assertThat(dry.exit()).isZero();
    assertThat(dry.out()).startsWith("vol0.img: dry run, 16 blocks would change;");
    assertThat(launcher.run("push", "-n", "vol0.img", target.toString()).exit()).isZero();
    assertThat(files()).containsExactly("vol0.img");
  }

  @Test
  void aDryRunOfAnAdoptionLeavesNoScratchBehind() throws Exception {
    Files.copy(source, target);
    Images.flip(target, 5);
    Launcher.Result dry =
        launcher.run("push", "-n", "--init", "--json", "vol0.img", target.toString());
    assertThat(dry.lastEvent()).containsEntry("blocksChanged", 1L).containsEntry("exit", 0L);
    assertThat(files()).containsExactly("standby of vol0.img", "vol0.img");
  }

  private List<String> files() throws Exception {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void verifyComparesAnImageWithItsSignatureAndWithItsSource() throws Exception {
    launcher.run("push", "vol0.img", target.toString());
    Launcher.Result sound = launcher.run("verify", target.toString());
    assertThat(sound.out()).contains("epoch 1 of vol0.img").contains(": sound; read ");
    assertThat(sound.exit()).isZero();
    Launcher.Result identical = launcher.runOverLocalRsh("verify", "vol0.img", "host:" + target);
    assertThat(identical.out()).startsWith("vol0.img: identical; ");
    assertThat(identical.exit()).isZero();

    Images.flip(target, 200_000);
    Launcher.Result damaged = launcher.run("verify", "--json", target.toString());
    assertThat(damaged.events())
        .contains(Map.of("event", "difference", "offset", 196_608L, "length", 65_536L));
    assertThat(damaged.lastEvent())
        .containsEntry("blocksChanged", 1L)
        .containsEntry("result", "verify found differences")
        .containsEntry("exit", 23L);
    assertThat(damaged.exit()).isEqualTo(23);
    Launcher.Result different = launcher.runOverLocalRsh("verify", "vol0.img", "host:" + target);
    assertThat(different.out())
        .startsWith("vol0.img: DIFFERENT in 1 block, the first at offset 196608; ");
    assertThat(different.exit()).isEqualTo(23);
    Launcher.Result pulled =
        launcher.runOverLocalRsh("verify", "--json", "host:" + source, target.toString());
    assertThat(pulled.lastEvent()).containsEntry("blocksChanged", 1L);
    assertThat(pulled.exit()).isEqualTo(23);
  }

  @Test
  void statusTellsWhatIsThereAndWritesNothing() throws Exception {
    launcher.run("push", "vol0.img", target.toString());
    Launcher.Result table = launcher.run("status", target.getFileName().toString(), "nothing");
    assertThat(table.out().lines().map(line -> line.replaceAll("  +", "|")))
        .satisfiesExactly(
            heading -> assertThat(heading).isEqualTo("TARGET|VOLUME|EPOCH|ROOT|TIME|LAG|STATE"),
            row ->
                assertThat(row)
                    .matches(
                        "standby of vol0\\.img\\|vol0\\.img\\|1\\|[0-9a-f]{12}\\|.*Z\\|\\d+ seconds?"
                            + "\\|standing"),
            row -> assertThat(row).isEqualTo("nothing|-|-|-|-|-|unknown"));
    assertThat(table.exit()).isEqualTo(11);
    assertThat(files()).doesNotContain("nothing", "nothing.snapferry");

    Map<String, Object> status = launcher.run("status", "--json", target.toString()).lastEvent();
    assertThat(status.keySet())
        .containsExactly(
            "event",
            "target",
            "state",
            "detail",
            "volume",
            "lineage",
            "standby",
            "epoch",
            "root",
            "bytesTotal",
            "time",
            "lagSeconds");
    assertThat(status)
        .containsEntry("event", "status")
        .containsEntry("state", "standing")
        .containsEntry("volume", "vol0.img")
        .containsEntry("epoch", 1L);
  }
}
