package snapferry.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import snapferry.device.LoopDevice;

/** A file that is tracked by a process of the packaged program, in a directory of its own. */
@NullMarked
final class TrackRig implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Path LAUNCHER =
      Path.of(Objects.requireNonNull(System.getProperty("snapferry.launcher"), "the launcher"));

  final Path directory;
  final Path volume;
  final Path mountpoint;
  private final List<String> options;
  private @Nullable Process tracker;

  /**
   * @param size of the volume, which is all zeros
   * @param options of {@code track}
   */
  TrackRig(Path directory, long size, String... options) throws IOException {
    this.directory = directory.toRealPath();
    this.volume = this.directory.resolve("volume");
    this.mountpoint = Files.createDirectory(this.directory.resolve("mnt"));
    this.options = List.of(options);
    try (RandomAccessFile file = new RandomAccessFile(volume.toFile(), "rw")) {
      file.setLength(size);
    }
  }

  /** Whether this machine lets us mount by FUSE and attach loop devices. */
  static boolean available() throws IOException {
    return Files.isWritable(Path.of("/dev/fuse")) && LoopDevice.available();
  }

  /** The file through which the volume is written to. */
  Path file() {
    return mountpoint.resolve("vol0");
  }

  Path state() {
    return directory.resolve("state");
  }

  /** What a run of the program left behind. */
  record Ended(int exit, String out, String err) {
    /** A number of the last event on stdout. */
    long number(String field) {
      Matcher matcher = Pattern.compile("\"" + field + "\":(\\d+)").matcher(lastLine());
      assertThat(matcher.find()).as(field + " in " + this).isTrue();
      return Long.parseLong(matcher.group(1));
    }

    String lastLine() {
      return out.lines().reduce("", (one, next) -> next);
    }
  }

  private Process launch(String name, List<String> arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of(LAUNCHER.toString()));
    words.addAll(arguments);
    return new ProcessBuilder(words)
        .redirectOutput(directory.resolve(name + ".out").toFile())
        .redirectError(directory.resolve(name + ".err").toFile())
        .start();
  }

  /** Starts the tracker and waits until it serves. */
  void track() throws Exception {
    List<String> arguments = new ArrayList<>(List.of("track", "--state-dir", state().toString()));
    arguments.addAll(options);
    arguments.add(volume.toString());
    arguments.add(mountpoint.toString());
    track(arguments, file());
  }

  /** Starts the tracker with these words, and waits until it serves {@code file}. */
  void track(List<String> arguments, Path file) throws Exception {
    Process started = launch("tracker", arguments);
    tracker = started;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!trackerSays().contains(" at " + file) || !Files.exists(file)) {
      if (!started.isAlive() || System.nanoTime() > end) {
        fail("no tracker: %s", trackerSays());
      }
      Thread.sleep(20);
    }
  }

  String trackerSays() throws IOException {
    return Files.readString(directory.resolve("tracker.err"));
  }

  /** Waits until it has said that. */
  void awaitSaid(String text) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!trackerSays().contains(text)) {
      if (System.nanoTime() > end) {
        fail("never said '%s': %s", text, trackerSays());
      }
      Thread.sleep(20);
    }
  }

  /** {@code kill -9}. */
  void kill() throws Exception {
    Process running = Objects.requireNonNull(tracker, "a tracker");
    running.destroyForcibly().waitFor();
  }

  /** SIGTERM. */
  void terminate() {
    Objects.requireNonNull(tracker, "a tracker").destroy();
  }

  /** SIGTERM; gives the exit code. */
  int stop() throws Exception {
    terminate();
    return end();
  }

  /** Waits until it has ended; gives the exit code. */
  int end() throws Exception {
    Process running = Objects.requireNonNull(tracker, "a tracker");
    tracker = null;
    if (!running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      running.destroyForcibly();
      fail("the tracker does not end: %s", trackerSays());
    }
    return running.exitValue();
  }

  /** The file of the volume's map. */
  Path map() throws IOException {
    return TrackerPlace.of(state(), volume).directory().resolve(DirtyMap.FILE);
  }

  /** Runs the program to its end. */
  Ended run(String... arguments) throws Exception {
    return await("run", start("run", arguments));
  }

  /** Starts the program; its output goes to files of this name. */
  Process start(String name, String... arguments) throws IOException {
    List<String> words = new ArrayList<>(Arrays.asList(arguments));
    words.addAll(isSubcommand(words) ? 2 : 1, List.of("--state-dir", state().toString()));
    return launch(name, words);
  }

  private static boolean isSubcommand(List<String> words) {
    return words.get(0).equals("track") && words.get(1).matches("list|status|rotate");
  }

  Ended await(String name, Process process) throws Exception {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      fail("still running: %s", Files.readString(directory.resolve(name + ".err")));
    }
    return new Ended(
        process.exitValue(),
        Files.readString(directory.resolve(name + ".out")),
        Files.readString(directory.resolve(name + ".err")));
  }

  /** Pushes the volume to a standby, by what the tracker marked. */
  Ended push(String image, String... more) throws Exception {
    List<String> words = new ArrayList<>(List.of("push", "--json", "--changes", "fuse"));
    words.addAll(Arrays.asList(more));
    words.add(volume.toString());
    words.add(directory.resolve(image).toString());
    return run(words.toArray(String[]::new));
  }

  TrackerConnection connect() throws IOException {
    return Objects.requireNonNull(TrackerPlace.of(state(), volume).connect(), "a tracker");
  }

  void assertSame(String one, String other) throws IOException {
    LoopDevice.run("cmp", directory.resolve(one).toString(), directory.resolve(other).toString());
  }

  @Override
  public void close() throws Exception {
    try {
      if (tracker != null) {
        stop();
      }
    } finally {
      if (Files.readString(Path.of("/proc/self/mounts")).contains(" " + mountpoint + " ")) {
        LoopDevice.run("umount", "-l", mountpoint.toString());
      }
    }
  }
}
