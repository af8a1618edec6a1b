package snapferry.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.Ends;

/**
 * A far end that was started through a remote shell: {@code RSH… [USER@]HOST COMMAND… serve …}. Its
 * stdio is the line; what it says on stderr goes to ours. No shell of this host is involved.
 */
public final class RemoteShell {
  private static final long LAST_MILLIS = 5_000;
  private static final long EXIT_MILLIS = 2_000;
  private static final long CUT_MILLIS = 500;
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;
  private static final int SSH_FAILED = 255;

  private final String rsh;
  private final String command;
  private final Endpoint.Remote remote;
  private final Process process;
  private final Ends ends;
  private volatile boolean cut;
  private volatile @Nullable String defect;

  private RemoteShell(String rsh, String command, Endpoint.Remote remote, Process process) {
    this.rsh = rsh;
    this.command = command;
    this.remote = remote;
    this.process = process;
    this.ends =
        new Ends(
            new ProcessOutput(process.getInputStream(), this::ended),
            new ProcessInput(process.getOutputStream()),
            this::cut);
  }

  /**
   * Starts the far end.
   *
   * @param rsh words of the remote shell and its options
   * @param remote whom to reach and which volume to serve
   * @param command words of the command that is snapferry there
   * @param options more arguments for {@code serve}
   * @throws Failure {@link ExitCode#TRANSPORT} if the remote shell itself cannot be started
   */
  public static RemoteShell start(
      List<String> rsh, Endpoint.Remote remote, List<String> command, List<String> options)
      throws Failure {
    try {
      Process process =
          new ProcessBuilder(words(rsh, remote, command, options))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      return new RemoteShell(rsh.get(0), String.join(" ", command), remote, process);
    } catch (IOException e) {
      throw new Failure(
          ExitCode.TRANSPORT,
          "cannot start the remote shell: " + e.getMessage() + "; --rsh names another",
          e);
    }
  }

  /** The command line: what is behind the host goes through a shell there. */
  static List<String> words(
      List<String> rsh, Endpoint.Remote remote, List<String> command, List<String> options) {
    List<String> words = new ArrayList<>(rsh);
    words.add(remote.destination());
    command.forEach(word -> words.add(ShellWords.quote(word)));
    words.add("serve");
    words.add("--volume");
    words.add(ShellWords.quote(remote.path()));
    options.forEach(word -> words.add(ShellWords.quote(word)));
    return words;
  }

  /** Our end of the line. Its cut kills the remote shell. */
  public Ends ends() {
    return ends;
  }

  /** The far end says no more. If it has ended badly, and not by us, its exit status tells why. */
  private void ended(boolean heard) {
    OptionalInt status = exitStatus(EXIT_MILLIS);
    if (!cut && status.isPresent() && !(heard && status.getAsInt() == 0)) {
      defect = describe(status.getAsInt(), heard);
    }
  }

  /**
   * Why the session failed: when the line broke because the far end ended badly, that explains
   * more.
   */
  public Failure explain(Failure failure) {
    String why = defect;
    return failure.exit() == ExitCode.TRANSPORT && why != null
        ? new Failure(ExitCode.TRANSPORT, why, failure)
        : failure;
  }

  private String describe(int status, boolean heard) {
    String host = remote.destination();
    if (status == SSH_FAILED) {
      return heard
          ? "the connection to " + host + " was lost"
          : rsh + " could not connect to " + host;
    }
    if (heard) {
      return "the far end on " + host + " ended with exit status " + status;
    }
    return switch (status) {
      case NOT_FOUND ->
          command
              + " was not found on "
              + host
              + ": install snapferry there, or say where it is with --remote-command";
      case NOT_EXECUTABLE -> command + " cannot be executed on " + host;
      default ->
          command
              + " on "
              + host
              + " ended with exit status "
              + status
              + " before it said a word; --remote-command says what to run there";
    };
  }

  private OptionalInt exitStatus(long millis) {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS)
          ? OptionalInt.of(process.exitValue())
          : OptionalInt.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalInt.empty();
    }
  }

  /**
   * Ends the line, also under whoever is blocked on it: hangs up, and kills soon after. A far end
   * that ends by itself, as it does after its last words, gets to clean up.
   */
  private void cut() {
    if (!cut) {
      cut = true;
      start("snapferry-cut", () -> end(CUT_MILLIS));
    }
  }

  /**
   * Hangs up, waits some seconds for the far end to go, and reaps it; kills it when it stays.
   * Nothing of it is left behind. To be called before the session cuts the line, so that the far
   * end hears our last words.
   */
  public void end() {
    end(LAST_MILLIS);
  }

  private void end(long millis) {
    // On a thread of its own: closing waits for a writer, which may be blocked until the kill.
    start("snapferry-hang-up", this::closeInput);
    if (exitStatus(millis).isEmpty()) {
      kill();
      exitStatus(millis);
    }
  }

  private static void start(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Kills the remote shell and what it started. By handle: {@link Process#destroyForcibly} would
   * also close streams that others are reading.
   */
  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.toHandle().destroyForcibly();
  }

  private void closeInput() {
    try (OutputStream input = process.getOutputStream()) {
      input.flush();
    } catch (IOException e) {
      // It is gone, and with it whoever could have read the rest.
    }
  }
}
