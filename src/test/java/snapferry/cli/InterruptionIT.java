package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Signals and dead peers, in the middle of a first copy. */
@NullMarked
@Timeout(60)
class InterruptionIT {
  @TempDir private Path directory;
  private Launcher launcher = new Launcher(Path.of(""));

  @BeforeEach
  void makeVolume() throws Exception {
    launcher = new Launcher(directory);
    Images.make(directory.resolve("vol0.img"), 7);
  }

  /** A push that would take a minute, at a moment when both ends are at work. */
  private Launcher.Running slowPush() throws Exception {
    String[] options = {
      "--json",
      "--timeout",
      "3",
      "--bwlimit",
      "16",
      "vol0.img",
      "host:" + directory + "/standby.img"
    };
    Launcher.Running running = launcher.start(Launcher.overLocalRsh("push", options));
    for (int tries = 0; tries < 1000; tries++) {
      if (Files.readString(running.out()).contains("sending")
          && Files.exists(directory.resolve("standby.img"))) {
        return running;
      }
      Thread.sleep(20);
    }
    throw new AssertionError("never began: " + Files.readString(running.err()));
  }

  private void assertGoesOn() throws Exception {
    assertThat(launcher.run("status", "standby.img").out()).endsWith("  seeding\n");
    assertThat(launcher.run("push", "-q", "vol0.img", "standby.img").exit()).isZero();
    assertThat(directory.resolve("standby.img"))
        .hasSameBinaryContentAs(directory.resolve("vol0.img"));
  }

  private static void assertGone(List<ProcessHandle> processes) throws InterruptedException {
    for (ProcessHandle process : processes) {
      for (int tries = 0; tries < 250 && process.isAlive(); tries++) {
        Thread.sleep(20);
      }
      assertThat(process.isAlive()).as("%s", process.info()).isFalse();
    }
  }

  @Test
  void aSignalEndsBothEndsAndSaysWhatIsIntact() throws Exception {
    Launcher.Running running = slowPush();
    List<ProcessHandle> children = running.process().descendants().toList();
    long begin = System.nanoTime();
    running.process().destroy();
    Launcher.Result result = running.await();
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin)).isLessThan(5);
    assertThat(result.exit()).isEqualTo(130);
    assertThat(result.err())
        .contains("snapferry: interrupted\n")
        .contains("a first copy goes on where it was");
    assertThat(result.lastEvent())
        .containsEntry("event", "summary")
        .containsEntry("result", "interrupted")
        .containsEntry("exit", 130L);
    assertThat(children).isNotEmpty();
    assertGone(children);
    assertGoesOn();
  }

  @Test
  void aStoppedPeerCountsAsDeadAfterTheTimeout() throws Exception {
    Launcher.Running running = slowPush();
    List<ProcessHandle> children = running.process().descendants().toList();
    signal("STOP", children);
    Launcher.Result result = running.await();
    assertThat(result.exit()).isEqualTo(20);
    assertThat(result.err()).contains("nothing was heard from the other end for 3 seconds");
    assertGone(children);
    assertGoesOn();
  }

  @Test
  void aKilledPeerIsNoticedAtOnce() throws Exception {
    Launcher.Running running = slowPush();
    List<ProcessHandle> children = running.process().descendants().toList();
    signal("KILL", children);
    Launcher.Result result = running.await();
    assertThat(result.exit()).isEqualTo(20);
    assertThat(result.err()).contains("the far end on host ended with exit status 137");
    assertGone(children);
    assertGoesOn();
  }

  @Test
  void aKilledClientLeavesNoServerBehind() throws Exception {
    Launcher.Running running = slowPush();
    List<ProcessHandle> children = running.process().descendants().toList();
    running.process().destroyForcibly();
    assertThat(running.await().exit()).isEqualTo(137);
    assertGone(children);
    assertGoesOn();
  }

  /** What is watched may be another's by then, as a mount point is. */
  @Test
  void whatIsWatchedIsLeftAloneOnceTheRunIsOver() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Over.class.getName())
            .redirectErrorStream(true)
            .start();
    assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEmpty();
    assertThat(process.waitFor()).isEqualTo(7);
  }

  /** A run that is over when the process ends, which looks like a signal. */
  static final class Over {
    private Over() {}

    public static void main(String[] arguments) {
      Interruption interruption = Interruption.install();
      interruption.watchPatiently(() -> System.out.println("stopped"));
      interruption.exit(7);
    }
  }

  private static void signal(String name, List<ProcessHandle> processes) throws Exception {
    for (ProcessHandle process : processes) {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }
  }
}
