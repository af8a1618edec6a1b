package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import snapferry.failure.ExitCode;

/** A line of a real ssh over TCP whose packets the kernel (netem) loses or delays. */
@NullMarked
@LabTest
class LineLabIT extends LabPushes {
  private static final int TRIES = 1200;
  private static final int TRIES_MILLIS = 50;

  private Launcher launcher = new Launcher(Path.of(""));
  private SshServer server;
  private Path source = Path.of("");
  private String old = "";

  @BeforeEach
  void seed() throws Exception {
    launcher = new Launcher(directory);
    lab.sh("modprobe sch_netem");
    Path program = Objects.requireNonNull(SshServer.program(), "an sshd of the lab");
    server = SshServer.start(program, Files.createDirectory(directory.resolve("ssh")), "");
    source = Images.make(directory.resolve("source.img"), 1);
    assertThat(push(source.toString(), standby.toString()).exit()).isZero();
    old = lab.sum(standby);
    Images.make(source, 2);
  }

  @AfterEach
  void end() throws Exception {
    goodLine();
    server.close();
  }

  /** Both ways, for it is the loopback. */
  private void badLine(String how) throws Exception {
    lab.sh("tc qdisc replace dev lo root netem " + how);
  }

  private void goodLine() throws Exception {
    lab.sh("tc qdisc delete dev lo root 2>&1 || true");
  }

  private Path far(String what) {
    return directory.resolve("far." + what);
  }

  /** Starts a run whose far end leaves behind what it says and how it ends. */
  private Launcher.Running start(String... options) throws Exception {
    Path far =
        launcher.script(
            "far",
            "'%s' \"$@\" 2>%s; ended=$?; echo $ended >%s; exit $ended"
                .formatted(Launcher.program(), far("err"), far("exit")));
    List<String> words = new ArrayList<>(List.of("push", "--rsh", server.rsh()));
    words.addAll(List.of("--remote-command", "'" + far + "'"));
    words.addAll(List.of("--remote-state-dir", directory.resolve("far-state").toString()));
    words.addAll(List.of(options));
    words.addAll(List.of(source.toString(), "127.0.0.1:" + standby));
    return launcher.start(words.toArray(String[]::new));
  }

  /** Ends of runs, and what is between them; sshd itself stays. */
  private List<String> processes() {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains(directory.toString()) && !line.contains("sshd"))
        .toList();
  }

  private void awaitEndOfAll() throws Exception {
    for (int tries = 0; !processes().isEmpty(); tries++) {
      assertThat(tries).as("somebody is left").isLessThan(TRIES);
      Thread.sleep(TRIES_MILLIS);
    }
  }

  private void assertGaveUp(Launcher.Result result) throws Exception {
    assertThat(result.exit()).as(result.err()).isEqualTo(ExitCode.TRANSPORT.code());
    assertThat(result.err())
        .containsPattern(
            "nothing was heard|could not connect|connection .* was lost|ended with exit status 20");
    assertThat(lab.sum(standby)).isIn(old, lab.sum(source));
    // Who was never called, or had come to an end before, has nothing to complain of.
    if (Files.exists(far("exit")) && !Files.readString(far("exit")).equals("0\n")) {
      assertThat(far("exit")).content().isEqualTo(ExitCode.TRANSPORT.code() + "\n");
      assertThat(far("err")).content().startsWith("snapferry serve: ");
    }
  }

  private void assertSame() throws Exception {
    assertThat(lab.sum(standby)).isEqualTo(lab.sum(source));
  }

  private void assertSlowOrGivenUp(Launcher.Result result) throws Exception {
    awaitEndOfAll();
    if (result.exit() == 0) {
      assertSame();
    } else {
      assertGaveUp(result);
    }
    goodLine();
    assertThat(push(source.toString(), standby.toString()).exit()).isZero();
    assertSame();
  }

  /** Of all packets, of each way: the third that TCP retransmits is lost again. */
  @Test
  void aLineThatLosesAThirdIsSlowOrEndsTheRun() throws Exception {
    badLine("loss 30%");
    assertSlowOrGivenUp(start("--timeout", "20").await());
  }

  @Test
  void aLineOfLongDelayIsSlowAndNothingElse() throws Exception {
    badLine("delay 300ms");
    Launcher.Result result = start("--timeout", "60").await();
    assertThat(result.exit()).as(result.err()).isZero();
    awaitEndOfAll();
    assertThat(far("exit")).content().isEqualTo("0\n");
    assertSame();
  }
}
