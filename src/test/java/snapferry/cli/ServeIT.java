package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve --allow}, behind a remote shell that runs it whatever the client asks for. */
@NullMarked
class ServeIT {
  @TempDir private Path directory;
  private Launcher launcher = new Launcher(Path.of(""));

  @BeforeEach
  void makeVolume() throws Exception {
    launcher = new Launcher(directory);
    Images.make(directory.resolve("vol0.img"), 5);
    Images.make(directory.resolve("secret.img"), 6);
    launcher.script(
        "forced",
        "exec '"
            + Launcher.program()
            + "' serve --allow vol0=standby.img --allow vol1=vol0.img,ro --state-dir far-state");
  }

  private Launcher.Result forced(String... arguments) throws IOException, InterruptedException {
    String[] words = new String[arguments.length + 2];
    words[0] = arguments[0];
    words[1] = "--rsh";
    words[2] = "./forced";
    System.arraycopy(arguments, 1, words, 3, arguments.length - 1);
    return launcher.run(words);
  }

  @Test
  void anAllowedVolumeIsServedByName() throws Exception {
    assertThat(forced("push", "vol0.img", "host:vol0").exit()).isZero();
    assertThat(directory.resolve("standby.img"))
        .hasSameBinaryContentAs(directory.resolve("vol0.img"));
    assertThat(forced("verify", "vol0.img", "host:vol0").exit()).isZero();
    assertThat(forced("pull", "host:vol1", "copy.img").exit()).isZero();
    assertThat(directory.resolve("copy.img")).hasSameBinaryContentAs(directory.resolve("vol0.img"));
  }

  @Test
  void aReadOnlyVolumeIsNoTargetButMayBeLookedAt() throws Exception {
    Launcher.Result refused = forced("push", "secret.img", "host:vol1");
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains("vol1 for reading only");
    assertThat(forced("verify", "vol0.img", "host:vol1").exit()).isZero();
  }

  @Test
  void aVolumeThatIsTooLargeMakesNothing() throws Exception {
    launcher.script(
        "forced",
        "exec '"
            + Launcher.program()
            + "' serve --allow vol0=standby.img --max-size 3M --state-dir far-state");
    Launcher.Result refused = forced("push", "vol0.img", "host:vol0");
    assertThat(refused.exit()).isEqualTo(13);
    assertThat(refused.err()).contains("at most 3145728 bytes (--max-size)");
    assertThat(forced("push", "-n", "vol0.img", "host:vol0").exit()).isEqualTo(13);
    assertThat(directory.resolve("standby.img")).doesNotExist();
    assertThat(directory.resolve("standby.img.snapferry")).doesNotExist();
    Images.make(directory.resolve("small.img"), 5, Images.RANDOM, 3L << 20);
    assertThat(forced("push", "small.img", "host:vol0").exit()).isZero();
    Images.make(directory.resolve("small.img"), 5, Images.RANDOM, 4L << 20);
    Launcher.Result grown = forced("push", "--grow", "small.img", "host:vol0");
    assertThat(grown.exit()).isEqualTo(13);
    assertThat(directory.resolve("standby.img")).hasSize(3L << 20);
  }

  @Test
  void aSessionThatTakesTooLongIsEndedAndLeavesTheVolumeToOthers() throws Exception {
    launcher.script(
        "forced",
        "exec '"
            + Launcher.program()
            + "' serve --allow vol0=standby.img --max-time 2s --state-dir far-state 2>far.err");
    Images.make(directory.resolve("large.img"), 5, Images.RANDOM, 16L << 20);
    Launcher.Result ended = forced("push", "--bwlimit", "128", "large.img", "host:vol0");
    assertThat(ended.exit()).isEqualTo(20);
    assertThat(ended.err()).isNotEmpty();
    launcher.script(
        "forced",
        "exec '"
            + Launcher.program()
            + "' serve --allow vol0=standby.img --max-time 1h --state-dir far-state");
    assertThat(forced("push", "large.img", "host:vol0").exit()).isZero();
    assertThat(directory.resolve("standby.img"))
        .hasSameBinaryContentAs(directory.resolve("large.img"));
    assertThat(directory.resolve("far.err"))
        .content()
        .contains("longer than the 2 seconds of --max-time");
  }

  @Test
  void nothingElseIsServed() throws Exception {
    for (String volume : new String[] {"vol2", "secret.img", "./secret.img", "a b"}) {
      Launcher.Result refused = forced("pull", "host:" + volume, "loot.img");
      assertThat(refused.exit()).as(volume).isEqualTo(2);
      assertThat(refused.err())
          .as(volume)
          .contains("this server serves only volumes by name")
          .doesNotContain("vol0", "vol1", "standby.img");
    }
    assertThat(directory.resolve("loot.img")).doesNotExist();
  }
}
