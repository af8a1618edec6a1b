package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the process ends when it cannot do what it was asked for. */
@NullMarked
class ExitCodesIT {
  @TempDir private Path directory;
  private Launcher launcher = new Launcher(Path.of(""));

  @BeforeEach
  void makeVolume() throws Exception {
    launcher = new Launcher(directory);
    Images.make(directory.resolve("vol0.img"), 3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "frobnicate",
        "push",
        "push vol0.img",
        "push vol0.img a b",
        "push --unknown vol0.img a",
        "push --timeout 1 vol0.img a",
        "push --bwlimit fast vol0.img a",
        "push --block-size 3K vol0.img a",
        "push --hash md5 vol0.img a",
        "push --compress zstd vol0.img a",
        "push host:vol0.img a",
        "push vol0.img -oProxyCommand=x:a",
        "push missing.img a",
        "push . a",
        "push vol0.img vol0.img",
        "push vol0.img missing/a",
        "pull vol0.img host:a",
        "pull host:a host:b",
        "verify host:a",
        "verify",
        "status",
        "status host:a",
        "recover",
        "serve",
        "serve --volume",
      })
  void whatMakesNoSenseIsRefused(String arguments) throws Exception {
    Launcher.Result result = launcher.run(arguments.split(" ", 0));
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("snapferry").doesNotContain("Exception");
    assertThat(directory.resolve("a")).doesNotExist();
  }

  @Test
  void withoutACommandThereIsTheUsage() throws Exception {
    Launcher.Result result = launcher.run();
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("snapferry", "push", "COMMAND");
  }

  @Test
  void helpAndVersionAreNoFailures() throws Exception {
    Launcher.Result version = launcher.run("--version");
    assertThat(version.out()).matches("snapferry [0-9.]+\\S*\n");
    assertThat(version.exit()).isZero();
    assertThat(launcher.run("-v", "--version").out()).contains("LZ4Factory:", "XXHashFactory:");
    assertThat(launcher.run("version").out()).contains("LZ4Factory:");
    Launcher.Result help = launcher.run("help");
    assertThat(help.out()).contains("push", "pull", "verify", "status", "recover", "serve");
    assertThat(help.exit()).isZero();
    assertThat(launcher.run("help", "push").out()).contains("--remote-command");
    assertThat(launcher.run("serve", "--help").out()).contains("--allow");
  }

  @Test
  void aTargetInUseByAnotherRunIsLocked() throws Exception {
    Launcher.Running first = launcher.start("push", "--bwlimit", "200", "vol0.img", "standby.img");
    Path lock = directory.resolve("standby.img.snapferry/manifest");
    for (int tries = 0; tries < 500 && !Files.exists(lock); tries++) {
      Thread.sleep(20);
    }
    Launcher.Result second = launcher.run("push", "--json", "vol0.img", "standby.img");
    assertThat(second.exit()).isEqualTo(10);
    assertThat(second.lastEvent()).containsEntry("result", "locked").containsEntry("exit", 10L);
    assertThat(second.err()).contains("in use by another run");
    first.process().destroy();
    assertThat(first.await().exit()).isEqualTo(130);
  }

  @Test
  void aTargetOfUnknownLineageIsNotTouched() throws Exception {
    Path other = Images.make(directory.resolve("other.img"), 4);
    byte[] before = Files.readAllBytes(other);
    Launcher.Result refused = launcher.runOverLocalRsh("push", "vol0.img", "host:" + other);
    assertThat(refused.exit()).isEqualTo(11);
    assertThat(refused.err()).contains("--init");
    assertThat(other).hasBinaryContent(before);
    assertThat(launcher.runOverLocalRsh("push", "--init", "vol0.img", "host:" + other).exit())
        .isZero();
    assertThat(other).hasSameBinaryContentAs(directory.resolve("vol0.img"));
  }

  @Test
  void sizesThatDoNotGoTogetherAreRefused() throws Exception {
    launcher.run("push", "-q", "vol0.img", "standby.img");
    Images.make(directory.resolve("vol0.img"), 3, Images.RANDOM, Images.SIZE + 512L);
    Launcher.Result refused = launcher.run("push", "vol0.img", "standby.img");
    assertThat(refused.exit()).isEqualTo(13);
    assertThat(refused.err()).contains("--grow");
    assertThat(launcher.run("push", "--grow", "vol0.img", "standby.img").exit()).isZero();
    assertThat(directory.resolve("standby.img"))
        .hasSameBinaryContentAs(directory.resolve("vol0.img"));
    Images.make(directory.resolve("odd.img"), 3, 1000, 1000);
    assertThat(launcher.run("push", "odd.img", "x.img").exit()).isEqualTo(13);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "/nonexistent/rsh, cannot start the remote shell",
        "sh -c 'exit 127', snapferry was not found on host",
        "sh -c 'exit 255', sh could not connect to host",
        "sh -c 'echo Welcome to host; exec cat', it said: \"Welcome to host\"",
        "sh -c 'exec sleep 100', nothing was heard from the other end for 3 seconds",
      })
  void aLineThatNeverComesUpSaysWhy(String rsh, String message) throws Exception {
    Launcher.Result result =
        launcher.run("push", "--timeout", "3", "--rsh", rsh, "vol0.img", "host:vol0");
    assertThat(result.exit()).isEqualTo(20);
    assertThat(result.err()).contains(message);
  }

  @Test
  void aMissingRemoteCommandIsNamed() throws Exception {
    Launcher.Result result =
        launcher.run(
            "push",
            "--rsh",
            Launcher.localRsh().toString(),
            "--remote-command",
            "no-snapferry-here",
            "vol0.img",
            "host:vol0");
    assertThat(result.exit()).isEqualTo(20);
    assertThat(result.err()).contains("no-snapferry-here was not found on host");
  }

  /** {@code /dev/full} takes nothing. */
  @Test
  void aResultThatCannotBeWrittenIsAFailure() throws Exception {
    launcher.run("push", "-q", "vol0.img", "s.img");
    Files.writeString(
        directory.resolve("s.toml"),
        "[volume.v]\nsource = \"%1$s/vol0.img\"\nstandby.s.target = \"%1$s/s.img\"\n"
            .formatted(directory));
    for (String command :
        new String[] {
          "push --json vol0.img s.img",
          "push vol0.img s.img",
          "status s.img",
          "status --json s.img",
          "verify s.img",
          "report --config s.toml -o -",
          "run --config s.toml",
        }) {
      Launcher.Result lost = shell(command + " > /dev/full");
      assertThat(lost.exit()).as(command).isEqualTo(1);
      assertThat(lost.err())
          .as(command)
          .contains("the results could not be written to stdout", "apart from that: 0 (done)");
    }
    assertThat(shell("push -q vol0.img s.img > /dev/full").exit()).as("had no result").isZero();
    assertThat(shell("report --config s.toml -o /dev/full").exit()).isEqualTo(1);
    Launcher.Result worse = shell("status vol0.img > /dev/full");
    assertThat(worse.exit()).isEqualTo(11);
    assertThat(worse.err()).contains("apart from that: 11 (");
  }

  private Launcher.Result shell(String command) throws Exception {
    Path err = directory.resolve("err");
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-c", "'" + Launcher.program() + "' " + command)
            .directory(directory.toFile())
            .redirectError(err.toFile());
    shell.environment().put("SNAPFERRY_STATE_DIR", directory.resolve("state").toString());
    return new Launcher.Result(shell.start().waitFor(), "", Files.readString(err));
  }

  @Test
  void aClosedStdoutIsNoStackTrace() throws Exception {
    Process shell =
        new ProcessBuilder(
                "sh", "-c", "'" + Launcher.program() + "' push --json vol0.img s.img | true")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
  }
}
