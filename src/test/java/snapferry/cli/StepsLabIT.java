package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import snapferry.lvm.ChangesMode;
import snapferry.replicate.Summary;

/**
 * Runs that are killed at each command of the system that they run: what happens to a snapshot,
 * from before it is there until it is gone, happens at those.
 */
@NullMarked
@LabTest
class StepsLabIT {
  private static final long SEED = Long.getLong("snapferry.seed", 1);

  /** Of so many steps, one is tried; 1 tries all. */
  private static final int STRIDE = Integer.getInteger("snapferry.stride", 5);

  private static final String VOLUME = "/dev/lab/data";

  /**
   * Stands for each of the commands. Kills who runs it at the step; the command goes on, or ran.
   */
  private static final String STEP =
      """
      name=${0##*/}
      echo "$name $*" >>"$STEPS.log"
      step=$(wc -l <"$STEPS.log")
      [ "$step.before" != "$STEPS_KILL" ] || kill -KILL $PPID
      "/usr/sbin/$name" "$@"
      status=$?
      [ "$step.after" != "$STEPS_KILL" ] || kill -KILL $PPID
      echo >>"$STEPS.done"
      exit $status""";

  private static final List<String> COMMANDS =
      List.of("lvs", "lvcreate", "lvchange", "lvremove", "dmsetup", "thin_delta");

  @TempDir private Path directory;
  private Lab lab;
  private LabRuns runs;

  @BeforeEach
  void begin() throws Exception {
    lab = Lab.open(directory);
    runs = new LabRuns(lab, directory, VOLUME);
    lab.sh("mkdir steps");
    for (String command : COMMANDS) {
      new Launcher(directory).script("steps/" + command, STEP);
    }
  }

  @AfterEach
  void end() throws Exception {
    lab.close();
  }

  /** Whether a run was killed when it got to {@code step}, of which its name is one. */
  private boolean killedAt(String step, ChangesMode changes) throws Exception {
    lab.sh("rm -f log.log log.done");
    Launcher.Running running =
        new Launcher(directory)
            .start(
                Map.of(
                    "PATH",
                    directory.resolve("steps") + ":" + System.getenv("PATH"),
                    "STEPS",
                    directory.resolve("log").toString(),
                    "STEPS_KILL",
                    step),
                "push",
                "--changes",
                changes.label(),
                "--snapshot-size",
                "8",
                VOLUME,
                directory.resolve("a.img").toString());
    int exit = running.await().exit();
    assertThat(exit).as("step %s", step).isIn(0, 137);
    lab.sh("until [ $(wc -l <log.done) = $(wc -l <log.log) ]; do sleep 0.05; done");
    return exit != 0;
  }

  @ParameterizedTest
  @CsvSource({"COW", "THIN"})
  void aRunThatIsKilledAtAnyStepLosesNoChangeAndLeavesNothing(ChangesMode changes)
      throws Exception {
    boolean thin = changes == ChangesMode.THIN;
    assertThat(thin ? lab.thin("data", 16, 64) : lab.linear("data", 16)).isEqualTo(VOLUME);
    lab.sh("head -c 8M /dev/urandom >" + VOLUME);
    runs.push(runs.settings(changes, 8), "a.img");
    Random random = new Random(SEED);
    int first = 1 + (int) (SEED % STRIDE);
    for (int step = first; ; step += STRIDE) {
      overwrite(random);
      String kill = step + (random.nextBoolean() ? ".before" : ".after");
      boolean killed = killedAt(kill, changes);
      overwrite(random);
      Summary summary = runs.push(runs.settings(changes, 8), "a.img");
      String where =
          "seed %d, killed at %s: %s".formatted(SEED, kill, lastLine(directory.resolve("log.log")));
      assertThat(runs.warnings()).as(where).isEmpty();
      assertThat(summary.changeSource()).as(where).isEqualTo(changes.label());
      assertThat(lab.snapshots()).as(where).hasSize(1);
      // Of a run that was killed when its snapshot was gone, an empty directory may be left.
      String kept = lab.snapshots().get(0).replaceFirst("^snapferry_", "");
      assertThat(lab.sh("ls -d state/snapshots/" + kept + "*")).as(where).hasLineCount(1);
      if (thin) {
        assertThat(lab.sh("dmsetup status lab-pool-tpool")).as(where).contains(" - rw ");
        assertThat(lab.sh("find state/pools -name reserved")).as(where).isEmpty();
      }
      if (!killed) {
        assertThat(step).as("steps of a run").isGreaterThan(thin ? 14 : 10);
        return;
      }
    }
  }

  private void overwrite(Random random) throws Exception {
    lab.sh(
        "dd if=/dev/urandom of=%s bs=4k count=9 seek=%d conv=notrunc,fsync"
            .formatted(VOLUME, random.nextInt(4000)));
  }

  private static String lastLine(Path file) throws Exception {
    List<String> lines = Files.readAllLines(file);
    return lines.get(lines.size() - 1);
  }
}
