package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a failover, the old source becomes the standby; and later, the other way round. */
@NullMarked
class ReversalIT {
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
  void whatDiffersGoesBackAndLaterHome() throws Exception {
    Images.flip(source, 10);
    assertThat(launcher.run("promote", "-q", "standby.img").exit()).isZero();
    Images.flip(standby, 300_000);

    Launcher.Result away =
        launcher.runOverLocalRsh("reverse", "--json", "standby.img", "there:" + source);
    assertThat(away.exit()).as("%s", away).isZero();
    assertThat(away.lastEvent()).containsEntry("blocksChanged", 2L);
    assertThat(source).hasSameBinaryContentAs(standby);

    Images.flip(standby, 400_000);
    assertThat(launcher.run("push", "-q", "standby.img", "vol0.img").exit()).isZero();
    assertThat(launcher.run("promote", "-q", "vol0.img").exit()).isZero();
    Images.flip(source, 500_000);
    Launcher.Result home = launcher.run("reverse", "vol0.img", "standby.img");
    assertThat(home.exit()).as("%s", home).isZero();
    assertThat(home.out()).contains("snapferry push vol0.img standby.img");
    assertThat(standby).hasSameBinaryContentAs(source);
  }

  @Test
  void noOtherVolumeIsHit() throws Exception {
    byte[] other = Files.readAllBytes(Images.make(directory.resolve("other.img"), 8));
    Launcher.Result standing = launcher.run("reverse", "standby.img", "vol0.img");
    assertThat(standing.exit()).isEqualTo(11);
    assertThat(standing.err()).contains("was not promoted (standing)");
    assertThat(launcher.run("promote", "-q", "standby.img").exit()).isZero();
    Launcher.Result unknown = launcher.run("reverse", "standby.img", "other.img");
    assertThat(unknown.exit()).isEqualTo(11);
    assertThat(unknown.err()).contains("is not on record here as the source of any standby");
    assertThat(directory.resolve("other.img")).hasBinaryContent(other);
    assertThat(launcher.run("reverse", "standby.img", "there:vol0").exit()).isEqualTo(2);
    assertThat(launcher.run("reverse", "-n", "-q", "standby.img", "vol0.img").exit()).isZero();
    assertThat(directory.resolve("vol0.img.snapferry")).doesNotExist();
  }
}
