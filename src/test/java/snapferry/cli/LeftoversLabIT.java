package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are killed leave snapshots behind, and only those are removed. */
@NullMarked
@LabTest
class LeftoversLabIT {
  private static final String SLOW = "50";

  @TempDir private Path directory;
  private Launcher launcher = new Launcher(Path.of(""));
  private Lab lab;
  private String volume = "";

  @BeforeEach
  void begin() throws Exception {
    launcher = new Launcher(directory);
    lab = Lab.open(directory);
    volume = lab.linear("data", 32);
    lab.sh("head -c 8M /dev/urandom >" + volume);
  }

  @AfterEach
  void end() throws Exception {
    lab.close();
  }

  private String standby(String name) {
    return directory.resolve(name).toString();
  }

  /** Starts a run that takes longer than any test, and waits until its snapshot is there. */
  private Launcher.Running startSlow(String standby) throws Exception {
    List<String> before = lab.snapshots();
    Launcher.Running running = launcher.start("push", "--bwlimit", SLOW, volume, standby(standby));
    while (before.containsAll(lab.snapshots())) {
      assertThat(running.process().isAlive()).isTrue();
      Thread.sleep(50);
    }
    return running;
  }

  private static void kill(Launcher.Running running) throws Exception {
    running.process().destroyForcibly().waitFor();
  }

  @Test
  void whatAKilledRunLeftIsRemovedByTheNextAndARunThatGoesOnKeepsItsOwn() throws Exception {
    Launcher.Running killed = startSlow("a.img");
    kill(killed);
    List<String> left = lab.snapshots();
    assertThat(left).hasSize(1);

    Launcher.Running alive = startSlow("b.img");
    List<String> now = lab.snapshots();
    assertThat(now).hasSize(1).doesNotContainAnyElementsOf(left);

    assertThat(launcher.run("push", volume, standby("a.img")).exit()).isZero();
    assertThat(lab.snapshots()).isEqualTo(now);
    assertThat(launcher.run("cleanup").exit()).isZero();
    assertThat(lab.snapshots()).isEqualTo(now);

    alive.process().destroy();
    assertThat(alive.await().exit()).isEqualTo(130);
    assertThat(lab.snapshots()).as("an interrupted run tidies up").isEmpty();
  }

  @Test
  void cleanupSaysWhatItWouldRemoveAndLeavesWhatOthersTook() throws Exception {
    kill(startSlow("a.img"));
    String left = "lab/" + lab.snapshots().get(0);
    lab.sh("lvcreate -q -y -s -L 4M -n snapferry_theirs --addtag snapferry lab/data");
    lab.sh("lvcreate -q -y -s -L 4M -n nightly lab/data");

    Launcher.Result look = launcher.run("cleanup", "-n");
    assertThat(look.out()).isEqualTo("would remove " + left + "\n");
    assertThat(look.err()).contains("lab/snapferry_theirs was taken by a run with another state");
    assertThat(lab.snapshots()).hasSize(2);

    assertThat(launcher.run("cleanup").out()).isEqualTo("removed " + left + "\n");
    assertThat(lab.snapshots()).containsExactly("snapferry_theirs");
    assertThat(lab.sh("lvs --noheadings -o lv_name lab | wc -l")).isEqualTo("3");
  }

  @Test
  void whatARunLeftThatKeptItsStateElsewhereOrThatWasRenamedStays() throws Exception {
    kill(startSlow("a.img"));
    String elsewhere = lab.snapshots().get(0);
    lab.sh("mv state elsewhere");
    kill(startSlow("b.img"));
    List<String> both = lab.snapshots();
    assertThat(both).hasSize(2).contains(elsewhere);
    String mine = both.stream().filter(each -> !each.equals(elsewhere)).findFirst().orElseThrow();
    lab.sh("lvrename -q lab/%s lab/mine".formatted(mine));

    assertThat(launcher.run("push", volume, standby("c.img")).exit()).isZero();
    assertThat(launcher.run("cleanup").out()).isEqualTo("nothing left behind\n");
    assertThat(lab.snapshots()).containsExactlyInAnyOrder(elsewhere, "mine");
  }
}
