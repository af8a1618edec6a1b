package snapferry.lvm;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.Snapshot;

/**
 * What the operator wants done around the taking of a snapshot: freeze a file system and thaw it,
 * say. Whatever happens to us, the second hook runs: a shell that was started before the first one
 * waits to run it until its stdin ends, which it also does when we are killed, or until time is up.
 *
 * <pre>
 *  start the watchdog ─▶ pre ─▶ take the snapshot ─▶ end its stdin ─▶ post, in the watchdog
 *                                  killed here ─▶ its stdin ends ──▶ post
 *                                  stuck here ──▶ its time is up ──▶ post
 * </pre>
 */
public final class Hooks implements Closeable {
  /**
   * Signals of a terminal go to all of its processes: this one ignores them. $1: seconds, $2: the
   * hook. 124 is what timeout(1) says when time was up.
   */
  private static final String WATCHDOG =
      "trap '' INT TERM HUP; timeout \"$1\" cat >/dev/null; late=$?;"
          + " timeout \"$1\" sh -c \"$2\" >&2 </dev/null || exit; [ $late != 124 ] || exit 125";

  private static final int LATE = 125;
  private static final int TIMED_OUT = 124;
  private static final int REAP_SECONDS = 10;

  private final SnapshotSettings settings;
  private final Path source;
  private final @Nullable Process watchdog;

  private Hooks(SnapshotSettings settings, Path source) throws IOException {
    this.settings = settings;
    this.source = source;
    String post = settings.post();
    this.watchdog =
        post == null
            ? null
            : start("sh", "-c", WATCHDOG, "sh", Integer.toString(settings.hookSeconds()), post);
  }

  /** Takes a snapshot. */
  public interface Taking {
    Snapshot take() throws IOException;
  }

  /** Takes a snapshot between the hooks. What was taken does not count if the second one fails. */
  public static Snapshot around(SnapshotSettings settings, Path source, Taking taking)
      throws IOException {
    Hooks hooks = begin(settings, source);
    Snapshot taken;
    try {
      taken = taking.take();
    } catch (IOException e) {
      try (hooks) {
        throw e;
      }
    }
    try {
      hooks.close();
      return taken;
    } catch (IOException e) {
      try (taken) {
        throw e;
      }
    }
  }

  /** Runs the first hook. Closing runs the second, also when the first one fails here. */
  static Hooks begin(SnapshotSettings settings, Path source) throws IOException {
    Hooks hooks = new Hooks(settings, source);
    try {
      hooks.runPre();
      return hooks;
    } catch (IOException e) {
      try (hooks) {
        throw e;
      }
    }
  }

  private void runPre() throws IOException {
    String pre = settings.pre();
    if (pre == null) {
      return;
    }
    String seconds = Integer.toString(settings.hookSeconds());
    Process process = start("timeout", seconds, "sh", "-c", pre);
    process.getOutputStream().close();
    int status = await(process, settings.hookSeconds() + REAP_SECONDS);
    if (status != 0) {
      throw new Failure(
          ExitCode.FAILED, "--pre " + ended(status) + ". No snapshot was taken, nothing was sent");
    }
  }

  private Process start(String... words) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(Path.of("/dev/null").toFile());
    builder.environment().put("SNAPFERRY_SOURCE", source.toString());
    return builder.start();
  }

  private static int await(Process process, int seconds) throws IOException {
    try {
      if (process.waitFor(seconds, TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      process.destroyForcibly();
      return TIMED_OUT;
    } catch (InterruptedException e) {
      throw Failure.interrupted(e);
    }
  }

  private String ended(int status) {
    return status == TIMED_OUT
        ? "did not end within " + settings.hookSeconds() + " s (--hook-timeout)"
        : "ended with exit status " + status;
  }

  /** Has the second hook run, and waits for it. */
  @Override
  public void close() throws IOException {
    if (watchdog == null) {
      return;
    }
    watchdog.getOutputStream().close();
    int status = await(watchdog, settings.hookSeconds() + REAP_SECONDS);
    if (status == LATE) {
      throw new Failure(
          ExitCode.FAILED,
          "--post had to run before the snapshot was taken, which took longer than "
              + settings.hookSeconds()
              + " s (--hook-timeout). Nothing was sent");
    }
    if (status != 0) {
      throw new Failure(
          ExitCode.FAILED,
          "--post " + ended(status) + ": see whether what --pre did is undone. Nothing was sent");
    }
  }
}
