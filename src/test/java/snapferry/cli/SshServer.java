package snapferry.cli;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** A real sshd on the loopback, as the current user, with keys and configuration of its own. */
@NullMarked
final class SshServer implements Closeable {
  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/sbin/sshd"), Path.of("/usr/local/sbin/sshd"));

  /** Where sshd of Debian goes to give up its rights; it insists on it when it is root. */
  private static final Path PRIVILEGE_SEPARATION = Path.of("/run/sshd");

  private final Path directory;
  private final int port;
  private final Process sshd;

  private SshServer(Path directory, int port, Process sshd) {
    this.directory = directory;
    this.port = port;
    this.sshd = sshd;
  }

  /** The sshd of this machine; null when there is none. */
  static @Nullable Path program() {
    return PROGRAMS.stream().filter(Files::isExecutable).findFirst().orElse(null);
  }

  /**
   * Starts one.
   *
   * @param directory for its files
   * @param keyOptions what stands before the key in {@code authorized_keys}; may be empty
   */
  static SshServer start(Path program, Path directory, String keyOptions)
      throws IOException, InterruptedException {
    if ("root".equals(System.getProperty("user.name"))) {
      Files.createDirectories(PRIVILEGE_SEPARATION);
    }
    makeKey(directory.resolve("host_key"));
    makeKey(directory.resolve("user_key"));
    String key = Files.readString(directory.resolve("user_key.pub"));
    Files.writeString(
        directory.resolve("authorized_keys"), (keyOptions + " " + key).strip() + "\n");
    int port = freePort();
    Path config = directory.resolve("sshd_config");
    Files.writeString(
        config,
        """
        ListenAddress 127.0.0.1
        Port %d
        HostKey %s/host_key
        AuthorizedKeysFile %s/authorized_keys
        PidFile none
        UsePAM no
        StrictModes no
        PasswordAuthentication no
        PermitRootLogin prohibit-password
        PrintMotd no
        SetEnv SNAPFERRY_JAVA=%s/bin/java
        """
            .formatted(port, directory, directory, System.getProperty("java.home")));
    Process sshd =
        new ProcessBuilder(program.toString(), "-D", "-e", "-f", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("sshd.log").toFile())
            .start();
    SshServer server = new SshServer(directory, port, sshd);
    server.await();
    return server;
  }

  private static void makeKey(Path key) throws IOException, InterruptedException {
    new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString())
        .inheritIO()
        .start()
        .waitFor();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void await() throws IOException, InterruptedException {
    for (int tries = 0; tries < 250; tries++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return;
      } catch (IOException e) {
        Thread.sleep(20);
      }
    }
    String log = Files.readString(directory.resolve("sshd.log"));
    close();
    throw new IOException("sshd does not answer: " + log);
  }

  /** The remote shell that reaches it, for {@code --rsh}. */
  String rsh() {
    return "ssh -F none -p "
        + port
        + " -i '"
        + directory
        + "/user_key' -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=accept-new"
        + " -o LogLevel=ERROR -o 'UserKnownHostsFile=\""
        + directory
        + "/known_hosts\"'";
  }

  @Override
  public void close() {
    sshd.descendants().forEach(ProcessHandle::destroyForcibly);
    sshd.destroyForcibly();
    try {
      sshd.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
