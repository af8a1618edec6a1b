package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a real ssh, to a real sshd on the loopback. */
@NullMarked
class SshIT {
  @TempDir private Path directory;
  private Launcher launcher = new Launcher(Path.of(""));

  @BeforeEach
  void makeVolume() throws Exception {
    launcher = new Launcher(directory);
    Images.make(directory.resolve("vol0.img"), 8);
  }

  private SshServer server(String keyOptions) throws IOException, InterruptedException {
    Path program = SshServer.program();
    assumeTrue(program != null, "openssh-server is not installed");
    Path files = Files.createDirectory(directory.resolve("ssh"));
    return SshServer.start(program, files, keyOptions);
  }

  private Launcher.Result over(SshServer server, String command, String from, String to)
      throws IOException, InterruptedException {
    return launcher.run(
        command,
        "--rsh",
        server.rsh(),
        "--remote-command",
        "'" + Launcher.program() + "'",
        "--remote-state-dir",
        directory.resolve("far-state").toString(),
        from,
        to);
  }

  @Test
  void pushPullAndVerify() throws Exception {
    Path standby = directory.resolve("it's a standby.img");
    try (SshServer server = server("")) {
      Launcher.Result push = over(server, "push", "vol0.img", "127.0.0.1:" + standby);
      assertThat(push.err()).isEmpty();
      assertThat(push.exit()).isZero();
      assertThat(standby).hasSameBinaryContentAs(directory.resolve("vol0.img"));

      Images.flip(directory.resolve("vol0.img"), 100_000);
      assertThat(over(server, "push", "vol0.img", "127.0.0.1:" + standby).exit()).isZero();
      assertThat(over(server, "verify", "vol0.img", "127.0.0.1:" + standby).exit()).isZero();
      assertThat(standby).hasSameBinaryContentAs(directory.resolve("vol0.img"));

      Launcher.Result pull =
          over(server, "pull", "127.0.0.1:" + directory.resolve("vol0.img"), "copy.img");
      assertThat(pull.err()).isEmpty();
      assertThat(pull.exit()).isZero();
      assertThat(directory.resolve("copy.img")).hasSameBinaryContentAs(standby);
    }
  }

  @Test
  void aForcedCommandServesItsNamesOnly() throws Exception {
    Images.make(directory.resolve("secret.img"), 9);
    String forced =
        "command=\"'%s' serve --allow vol0=%s/standby.img --state-dir %s/far-state\",restrict"
            .formatted(Launcher.program(), directory, directory);
    try (SshServer server = server(forced)) {
      Launcher.Result push = over(server, "push", "vol0.img", "127.0.0.1:vol0");
      assertThat(push.err()).isEmpty();
      assertThat(push.exit()).isZero();
      assertThat(directory.resolve("standby.img"))
          .hasSameBinaryContentAs(directory.resolve("vol0.img"));

      String secret = directory.resolve("secret.img").toString();
      for (String other : new String[] {"vol1", secret, directory.resolve("new.img").toString()}) {
        Launcher.Result refused = over(server, "push", "vol0.img", "127.0.0.1:" + other);
        assertThat(refused.exit()).as(other).isEqualTo(2);
        assertThat(refused.err()).as(other).contains("serves only volumes by name");
      }
      Launcher.Result loot = over(server, "pull", "127.0.0.1:" + secret, "loot.img");
      assertThat(loot.exit()).isEqualTo(2);
      String own =
          "touch %s/hacked; '%s' serve --allow loot=%s"
              .formatted(directory, Launcher.program(), secret);
      Launcher.Result asked =
          launcher.run(
              "pull", "--rsh", server.rsh(), "--remote-command", own, "127.0.0.1:loot", "loot.img");
      assertThat(asked.exit()).as(asked.err()).isEqualTo(2);
      assertThat(directory.resolve("hacked")).doesNotExist();
      assertThat(directory.resolve("loot.img")).doesNotExist();
      assertThat(directory.resolve("new.img")).doesNotExist();
    }
  }

  @Test
  void aHostThatRefusesIsATransportFailure() throws Exception {
    try (SshServer server = server("")) {
      Files.writeString(directory.resolve("ssh/authorized_keys"), "");
      Launcher.Result refused = over(server, "push", "vol0.img", "127.0.0.1:vol0");
      assertThat(refused.exit()).isEqualTo(20);
      assertThat(refused.err()).contains("ssh could not connect to 127.0.0.1");
    }
  }
}
