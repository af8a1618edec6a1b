package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A standby is taken into use when its source is lost, and goes back to it. */
@NullMarked
class PromotionIT {
  @TempDir private Path directory;
  private Launcher launcher = new Launcher(Path.of(""));
  private Path source = Path.of("");
  private Path standby = Path.of("");

  @BeforeEach
  void seed() throws Exception {
    SeededStandby seeded = SeededStandby.make(directory);
    launcher = seeded.launcher();
    source = seeded.source();
    standby = seeded.standby();
  }

  @Test
  void theOldSourceIsRefusedAndBecomesTheStandby() throws Exception {
    Launcher.Result promote = launcher.run("promote", "standby.img");
    assertThat(promote.exit()).as("%s", promote).isZero();
    assertThat(promote.out())
        .contains("standby.img: promoted with epoch 1 of vol0.img, root ")
        .containsPattern("; sound; read 4.0 MiB of it \\(--seed \\d+\\)\n")
        .contains("losetup --find --show --partscan standby.img")
        .contains("snapferry reverse standby.img [USER@]HOST:OLD-SOURCE");
    assertThat(launcher.run("status", "standby.img").out()).endsWith("  promoted\n");

    Images.flip(source, 10);
    byte[] inUse = Files.readAllBytes(standby);
    for (String option : new String[] {"-q", "--init", "--full", "--rejoin"}) {
      Launcher.Result push = launcher.run("push", option, "vol0.img", "standby.img");
      assertThat(push.exit()).isEqualTo(11);
      assertThat(push.err()).contains("was promoted with epoch 1", "remove its state directory");
    }
    assertThat(standby).hasBinaryContent(inUse);

    Images.flip(standby, 70_000);
    Launcher.Result back = launcher.run("push", "--json", "--init", "standby.img", "vol0.img");
    assertThat(back.exit()).as("%s", back).isZero();
    assertThat(back.lastEvent()).containsEntry("blocksChanged", 2L);
    assertThat(source).hasSameBinaryContentAs(standby);
    assertThat(launcher.run("push", "-q", "standby.img", "vol0.img").exit()).isZero();
  }

  @Test
  void anImageThatIsNotItsEpochIsPromotedOnlyUnseen() throws Exception {
    Images.flip(standby, 5);
    Launcher.Result refused = launcher.run("promote", "--seed", "42", "standby.img");
    assertThat(refused.exit()).isEqualTo(23);
    assertThat(refused.err())
        .contains("1 block not as in it, the first at offset 0 (--seed 42)")
        .contains("was not promoted and not touched; --verify none promotes it as it is");
    assertThat(launcher.run("status", "standby.img").out()).endsWith("  standing\n");
    Launcher.Result unseen = launcher.run("promote", "--verify", "none", "standby.img");
    assertThat(unseen.exit()).isZero();
    assertThat(unseen.out()).contains("; not verified\n");
  }

  @Test
  void toPromoteTwiceIsToPromoteOnce() throws Exception {
    assertThat(launcher.run("promote", "--verify", "full", "standby.img").exit()).isZero();
    Launcher.Result again = launcher.run("promote", "--json", "standby.img");
    assertThat(again.exit()).isZero();
    assertThat(again.lastEvent()).containsEntry("state", "promoted").containsEntry("epoch", 1L);
  }

  @Test
  void whatIsNoStandbyIsNotPromoted() throws Exception {
    assertThat(launcher.run("promote", "vol0.img").exit()).isEqualTo(11);
    assertThat(launcher.run("promote", "--verify", "much", "standby.img").exit()).isEqualTo(2);
    assertThat(launcher.run("promote", "--seed", "x", "standby.img").exit()).isEqualTo(2);
  }
}
