package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A byte that rotted on a standby is found, said and made right by the runs that come anyway. */
@NullMarked
@Timeout(300)
class PatrolIT {
  private static final int MOST_RUNS = 50;

  @TempDir private Path directory;
  private Launcher launcher = new Launcher(Path.of(""));
  private Path source = Path.of("");
  private Path image = Path.of("");

  @BeforeEach
  void makeVolume() throws Exception {
    launcher = new Launcher(directory);
    source = Images.make(directory.resolve("web.img"), 1);
    image = directory.resolve("standby.img");
  }

  /** Runs until one is not quite well, and gives what it said. */
  private Launcher.Result untilFound(String... words) throws Exception {
    for (int run = 0; run < MOST_RUNS; run++) {
      Launcher.Result result = launcher.run(words);
      if (result.exit() != 0) {
        return result;
      }
    }
    throw new AssertionError("nothing was found");
  }

  @Test
  void aConfiguredPatrolFindsAndMends() throws Exception {
    Files.writeString(
        directory.resolve("s.toml"),
        """
        patrol = "20s"
        metrics-file = "$DIR/snapferry.prom"
        rsh = "'$RSH'"
        remote-command = "'$PROGRAM'"
        remote-state-dir = "$DIR/far"
        [volume.web]
        source = "$DIR/web.img"
        standby.a.target = "host:$DIR/standby.img"
        """
            .replace("$DIR", directory.toString())
            .replace("$RSH", Launcher.localRsh().toString())
            .replace("$PROGRAM", Launcher.program().toString()));
    Launcher.Result seed = launcher.run("run", "--config", "s.toml");
    assertThat(seed.exit()).as(seed.err()).isZero();
    Images.flip(image, 700_000);

    Launcher.Result found = untilFound("run", "--config", "s.toml");
    assertThat(found.exit()).as(found.err()).isEqualTo(3);
    assertThat(found.err())
        .contains("warning: the other end: patrol: 1 block (65536 bytes at offset 655360) of ");
    assertThat(found.out()).contains(" and repaired 1 block in ");
    assertThat(image).hasSameBinaryContentAs(source);
    Launcher.Result verify = launcher.run("verify", image.toString());
    assertThat(verify.exit()).as(verify.err()).isZero();
    assertThat(Files.readString(directory.resolve("snapferry.prom")))
        .contains("snapferry_last_run_patrol_found_blocks{volume=\"web\",standby=\"a\"} 1\n")
        .contains("snapferry_patrol_coverage_ratio{volume=\"web\",standby=\"a\"} ");
    Launcher.Result status = launcher.run("status", "--config", "s.toml");
    assertThat(status.out()).containsPattern("web +a +\\d+ +\\d+ \\w+ +- +- +\\d+ % ");
    assertThat(Files.readString(directory.resolve("state/runs.jsonl")))
        .contains("\"patrolFound\":1,");
  }

  @Test
  void aPullPatrolsToo() throws Exception {
    String[] pull =
        Launcher.overLocalRsh(
            "pull", "--json", "--patrol", "1s", "host:" + source, image.toString());
    Launcher.Result seed = launcher.run(pull);
    assertThat(seed.exit()).as(seed.err()).isZero();
    Images.flip(image, 70_000);
    Launcher.Result found = untilFound(pull);
    assertThat(found.exit()).as(found.err()).isEqualTo(3);
    assertThat(found.lastEvent())
        .containsEntry("event", "summary")
        .containsEntry("patrolFound", 1L)
        .containsKeys("patrolled", "patrolCoverage", "patrolAgeSeconds");
    assertThat(image).hasSameBinaryContentAs(source);
  }
}
