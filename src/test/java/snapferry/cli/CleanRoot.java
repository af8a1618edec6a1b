package snapferry.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import snapferry.device.LoopDevice;

/**
 * A shell in a root directory to spoil: an overlay over another, in namespaces of its own. All that
 * it mounts, starts or writes is gone with it. What must be mounted is root's to mount.
 */
@NullMarked
final class CleanRoot implements Closeable {
  /** Ends what a command prints, and its exit code stands behind. */
  private static final String MARK = "snapferry-test-exit=";

  /** Arguments: where to mount, the directory below, a file to put into the root's home. */
  private static final String SETUP =
      """
      set -e
      mount --make-rprivate /
      mount -t tmpfs tmpfs "$1"
      mkdir "$1/upper" "$1/work" "$1/root"
      mount -t overlay overlay -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" "$1/root"
      cd "$1/root"
      mount -t proc proc proc
      mount --rbind /dev dev
      mount --rbind /sys sys
      mount -t tmpfs tmpfs run
      mount -t tmpfs -o mode=700 tmpfs root
      rm -rf etc/dpkg/dpkg.cfg.d # what an image of a container leaves out of packages, manuals too
      cp "$3" root/
      # This process stays behind as the first, so that systemctl sees that it is in a chroot.
      chroot . env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin bash
      exit $?
      """;

  private final Process shell;
  private final OutputStream commands;
  private final BufferedReader output;

  private CleanRoot(Process shell) {
    this.shell = shell;
    this.commands = shell.getOutputStream();
    this.output = shell.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * What a command left behind.
   *
   * @param output on stdout and stderr
   */
  record Outcome(int exit, String output) {}

  /** The package, made of what is built. */
  static Path packed() throws IOException {
    assumeTrue(Files.exists(Path.of("/usr/bin/dpkg-shlibdeps")), "dpkg-dev is not installed");
    Path base = Path.of(Objects.requireNonNull(System.getProperty("snapferry.basedir")));
    String path = LoopDevice.run(base.resolve("scripts/package").toString(), "--as-built");
    return base.resolve(path.strip());
  }

  /**
   * Opens one over this machine.
   *
   * @param scratch an empty directory
   * @param file to find in the home directory there
   */
  static CleanRoot open(Path scratch, Path file) throws IOException {
    return over(Path.of("/"), scratch, file);
  }

  /** Opens one over another directory with a system in it. */
  static CleanRoot over(Path system, Path scratch, Path file) throws IOException {
    assumeTrue(LoopDevice.available(), "needs root, and a kernel with loop devices");
    CleanRoot root =
        new CleanRoot(
            new ProcessBuilder("unshare", "--mount", "--pid", "--fork", "--kill-child", "bash")
                .redirectErrorStream(true)
                .start());
    root.commands.write(
        "exec bash -c '%s' setup '%s' '%s' '%s'\n"
            .formatted(SETUP, scratch, system, file)
            .getBytes(StandardCharsets.UTF_8));
    Outcome first = root.run("true");
    if (first.exit() != 0) {
      root.close();
      assumeTrue(false, "no overlay can be mounted here: " + first.output());
    }
    return root;
  }

  /** Whether the package can be installed over this machine. */
  static boolean hasPackagedJava() throws IOException {
    try (Stream<Path> lists = Files.list(Path.of("/var/lib/dpkg/info"))) {
      return lists.anyMatch(list -> list.getFileName().toString().matches("openjdk-.*-jre-.*"));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Runs a command in the shell, so that variables and directories last; nothing is on its stdin.
   */
  Outcome run(String command) throws IOException {
    String script = "{ %s\n} </dev/null 2>&1; echo \"%s$?\"\n".formatted(command, MARK);
    StringBuilder text = new StringBuilder();
    try {
      commands.write(script.getBytes(StandardCharsets.UTF_8));
      commands.flush();
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        int mark = line.indexOf(MARK);
        if (mark >= 0) {
          text.append(line, 0, mark);
          return new Outcome(
              Integer.parseInt(line.substring(mark + MARK.length())), text.toString());
        }
        text.append(line).append('\n');
      }
    } catch (IOException e) {
      text.append(e.getMessage());
    }
    return new Outcome(-1, text.toString());
  }

  /** Runs a command that has to go well, and gives what it printed. */
  String need(String command) throws IOException {
    Outcome outcome = run(command);
    if (outcome.exit() != 0) {
      throw new AssertionError(command + ": exit code " + outcome.exit() + "\n" + outcome.output());
    }
    return outcome.output();
  }

  /** Writes a file. */
  void write(String path, List<String> lines) throws IOException {
    need("cat >'%s' <<'END'\n%s\nEND".formatted(path, String.join("\n", lines)));
  }

  /** Makes this root known to itself as several hosts that root may log in to. */
  void serveSsh(int port, String... hosts) throws IOException {
    need("mkdir -m 700 /root/.ssh; mkdir /run/sshd");
    write(
        "/root/.ssh/config",
        List.of(
            "Host " + String.join(" ", hosts),
            "HostName 127.0.0.1",
            "Port " + port,
            "StrictHostKeyChecking no",
            "LogLevel ERROR"));
    need("ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519");
    need("ssh-keygen -q -t ed25519 -N '' -f /run/sshd/key");
    need("cp /root/.ssh/id_ed25519.pub /root/.ssh/authorized_keys");
    need(
        "/usr/sbin/sshd -f /dev/null -h /run/sshd/key -o Port="
            + port
            + " -o ListenAddress=127.0.0.1 -o PidFile=none -o StrictModes=no -o UsePAM=no"
            + " >/dev/null");
  }

  @Override
  public void close() throws IOException {
    shell.descendants().forEach(ProcessHandle::destroyForcibly);
    shell.destroyForcibly();
    try {
      shell.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
