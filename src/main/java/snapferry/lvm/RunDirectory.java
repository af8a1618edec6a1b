package snapferry.lvm;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.device.LocalStateDirectory;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/**
 * Who takes a snapshot makes a directory {@code STATE/snapshots/RUN} first and holds its lock for
 * as long as it lives. So what carries the UUID of a run is known to be ours by the directory, and
 * to be left over by the lock, which the kernel drops however a process ends.
 */
final class RunDirectory implements Closeable {
  private static final String LOCK = "lock";

  private final UUID run;
  private final Path path;
  private final LocalStateDirectory lock;

  private RunDirectory(UUID run, Path path, LocalStateDirectory lock) {
    this.run = run;
    this.path = path;
    this.lock = lock;
  }

  /** The fate of a run. */
  enum Fate {
    /** It goes on, here or in another process. */
    ALIVE,
    /** It is over, and what it left behind is ours to remove. */
    OVER,
    /** Of another state directory or another machine: none of our business. */
    FOREIGN
  }

  /** The directory of a new run. */
  static RunDirectory begin(Path stateRoot) throws IOException {
    UUID run = UUID.randomUUID();
    Path path = path(stateRoot, run);
    return new RunDirectory(run, path, LocalStateDirectory.open(path));
  }

  private static Path path(Path stateRoot, UUID run) {
    return stateRoot.resolve("snapshots").resolve(run.toString());
  }

  /** What has become of {@code run}. */
  static Fate fate(Path stateRoot, UUID run) throws IOException {
    if (!Files.isDirectory(path(stateRoot, run))) {
      return Fate.FOREIGN;
    }
    try (@Nullable RunDirectory over = seize(stateRoot, run)) {
      return over == null ? Fate.ALIVE : Fate.OVER;
    }
  }

  /**
   * Takes over what {@code run} left behind, so that nobody else removes it meanwhile.
   *
   * @return null if it is not over, or none of ours
   */
  static @Nullable RunDirectory seize(Path stateRoot, UUID run) throws IOException {
    Path path = path(stateRoot, run);
    if (!Files.isDirectory(path)) {
      return null;
    }
    try {
      return new RunDirectory(run, path, LocalStateDirectory.open(path));
    } catch (Failure e) {
      if (e.exit() == ExitCode.LOCKED) {
        return null;
      }
      throw e;
    }
  }

  UUID run() {
    return run;
  }

  /**
   * The run leaves nothing behind. To be called when its snapshot is gone: after a crash in
   * between, a name is left of which nothing can be told wrong.
   */
  void forget() throws IOException {
    Files.deleteIfExists(path.resolve(LOCK));
    try {
      Files.deleteIfExists(path);
    } catch (DirectoryNotEmptyException e) {
      return; // Somebody looks at this very moment whether the run is over, with a lock of its own.
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
