package snapferry.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

@NullMarked
@Timeout(20)
class RemoteShellTest {
  private final Failure broken = new Failure(ExitCode.TRANSPORT, "the line broke");

  /** A far end that is this script. */
  private static RemoteShell shell(String script) throws Failure {
    return RemoteShell.start(
        List.of("sh", "-c", script),
        new Endpoint.Remote("host", "vol0"),
        List.of("snapferry"),
        List.of());
  }

  private static int readAll(RemoteShell shell, ByteBuffer into) throws IOException {
    int total = 0;
    for (int count = 0; count >= 0; count = shell.ends().in().read(into)) {
      total += count;
    }
    return total;
  }

  @Test
  void whatIsWrittenComesBackUnchanged() throws IOException {
    byte[] sent = new byte[1_000_000];
    new Random(4).nextBytes(sent);
    RemoteShell shell = shell("cat");
    Thread writer =
        new Thread(
            () -> {
              ByteBuffer from = ByteBuffer.wrap(sent);
              try {
                while (from.hasRemaining()) {
                  shell.ends().out().write(from);
                }
                shell.ends().out().close();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    writer.start();
    ByteBuffer got = ByteBuffer.allocate(sent.length + 1);
    assertThat(readAll(shell, got)).isEqualTo(sent.length);
    assertThat(got.flip()).isEqualTo(ByteBuffer.wrap(sent));
    shell.end();
    assertThat(shell.explain(broken)).isSameAs(broken);
  }

  @ParameterizedTest
  @CsvSource({
    "exit 127, snapferry was not found on host: install snapferry there",
    "exit 126, snapferry cannot be executed on host",
    "exit 255, sh could not connect to host",
    "exit 2, snapferry on host ended with exit status 2 before it said a word",
    "exit 0, snapferry on host ended with exit status 0 before it said a word",
    "echo x; exit 255, the connection to host was lost",
    "echo x; exit 1, the far end on host ended with exit status 1",
    "echo x; exit 0, the line broke",
  })
  void theExitStatusExplainsABrokenLine(String script, String message) throws IOException {
    RemoteShell shell = shell(script);
    readAll(shell, ByteBuffer.allocate(100));
    Failure failure = shell.explain(broken);
    assertThat(failure.exit()).isEqualTo(ExitCode.TRANSPORT);
    assertThat(failure).hasMessageStartingWith(message);
    Failure integrity = new Failure(ExitCode.INTEGRITY, "bad bytes");
    assertThat(shell.explain(integrity)).isSameAs(integrity);
    shell.end();
  }

  @Test
  void aRemoteShellThatIsMissingIsATransportFailure() {
    assertThatThrownBy(
            () ->
                RemoteShell.start(
                    List.of("/nonexistent/rsh"),
                    new Endpoint.Remote("host", "vol0"),
                    List.of("snapferry"),
                    List.of()))
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.TRANSPORT));
  }

  @Test
  void aCutKillsWhoeverStaysAndWakesTheReader() throws Exception {
    RemoteShell shell = shell("trap '' TERM HUP; sleep 1000 & sleep 1001; wait");
    List<ProcessHandle> children = awaitChildren();
    Thread reader =
        new Thread(
            () -> {
              try {
                shell.ends().in().read(ByteBuffer.allocate(10));
              } catch (IOException e) {
                // Woken up all the same.
              }
            });
    reader.start();
    shell.ends().cut().close();
    reader.join(TimeUnit.SECONDS.toMillis(10));
    assertThat(reader.isAlive()).isFalse();
    shell.end();
    assertThat(children).isNotEmpty();
    for (ProcessHandle child : children) {
      for (int tries = 0; tries < 100 && child.isAlive(); tries++) {
        Thread.sleep(20); // Whose parent is gone is reaped by another, some time later.
      }
      assertThat(child.isAlive()).isFalse();
    }
  }

  private static List<ProcessHandle> awaitChildren() throws InterruptedException {
    for (int tries = 0; tries < 100; tries++) {
      List<ProcessHandle> all = ProcessHandle.current().descendants().toList();
      if (all.size() >= 3) {
        return all;
      }
      Thread.sleep(20);
    }
    return List.of();
  }
}
