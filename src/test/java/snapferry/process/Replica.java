package snapferry.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.NullMarked;

/**
 * A volume and its standby in a directory of their own, and runs from one to the other: two
 * processes and a pipe, as over ssh. The remote shell writes down who the far end is and how it
 * ended.
 */
@NullMarked
final class Replica {
  /** Who starts the run. */
  enum Direction {
    PUSH,
    PULL
  }

  private static final String HERE = "here:";

  private final Path directory;
  private final Path rsh;

  /**
   * @param directory empty
   */
  Replica(Path directory) throws IOException {
    this.directory = directory.toRealPath();
    this.rsh = this.directory.resolve("rsh");
    line("%s");
  }

  /**
   * Makes the line another one from now on.
   *
   * @param line a shell command in which {@code %s} stands for the far end: what the line does to
   *     what it carries
   */
  void line(String line) throws IOException {
    String far = "sh -c \"echo \\$\\$ >" + farProcess() + "; exec $*\"";
    Files.writeString(
        rsh,
        """
        #!/bin/sh
        shift
        far() { %s; ended=$?; echo $ended >%s; return $ended; }
        %s
        """
            .formatted(far, farStatus(), line.formatted("far \"$@\"")));
    Files.setPosixFilePermissions(rsh, PosixFilePermissions.fromString("rwx------"));
  }

  Path directory() {
    return directory;
  }

  Path volume() {
    return directory.resolve("volume");
  }

  Path image() {
    return directory.resolve("image");
  }

  /** What the standby keeps beside its image. */
  StateTrace standby() {
    return new StateTrace(directory.resolve("image.snapferry"));
  }

  /** What the source remembers. */
  Path sourceRoot() {
    return directory.resolve("state");
  }

  private Path farProcess() {
    return directory.resolve("far.pid");
  }

  private Path farStatus() {
    return directory.resolve("far.status");
  }

  /** Starts a run between {@link #volume} and {@link #image}. */
  Program start(Direction direction, String... options) throws IOException {
    return start(direction, volume(), image(), Map.of(), options);
  }

  /** Starts a run. */
  Program start(
      Direction direction,
      Path source,
      Path target,
      Map<String, String> environment,
      String... options)
      throws IOException {
    Files.deleteIfExists(farProcess());
    Files.deleteIfExists(farStatus());
    List<String> arguments =
        new ArrayList<>(List.of(direction.name().toLowerCase(Locale.ROOT), "--json"));
    arguments.addAll(List.of("--rsh", rsh.toString()));
    arguments.addAll(List.of("--remote-command", Program.LAUNCHER.toString()));
    arguments.addAll(List.of("--state-dir", sourceRoot().toString()));
    arguments.addAll(List.of("--remote-state-dir", sourceRoot().toString()));
    arguments.addAll(Arrays.asList(options));
    arguments.add(direction == Direction.PUSH ? source.toString() : HERE + source);
    arguments.add(direction == Direction.PUSH ? HERE + target : target.toString());
    return Program.start(directory, environment, arguments);
  }

  /** A run that must succeed, without a warning. */
  Outcome run(Direction direction, String... options) throws Exception {
    Outcome outcome = attempt(direction, options);
    assertThat(outcome.exit()).as("%s", outcome).isZero();
    return outcome;
  }

  /** A run that may end in whatever way. */
  Outcome attempt(Direction direction, String... options) throws Exception {
    try (Program program = start(direction, options)) {
      return program.await();
    }
  }

  /** A run between other volumes than usual, which may end in whatever way. */
  Outcome attempt(Direction direction, Path source, Path target, String... options)
      throws Exception {
    try (Program program = start(direction, source, target, Map.of(), options)) {
      return program.await();
    }
  }

  /** {@code recover}, which must succeed. */
  void recover() throws Exception {
    Outcome outcome =
        Program.run(
            directory, "recover", "--state-dir", sourceRoot().toString(), image().toString());
    assertThat(outcome.exit()).as("%s", outcome).isZero();
  }

  /** The far end of the run that was started last, once it has started. */
  Optional<ProcessHandle> farEnd() throws IOException {
    String pid = Files.exists(farProcess()) ? Files.readString(farProcess()).strip() : "";
    return pid.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(pid));
  }

  /** How the far end has ended, if it was started. */
  OptionalInt farExit() throws IOException {
    String exit = Files.exists(farStatus()) ? Files.readString(farStatus()).strip() : "";
    return exit.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(exit));
  }

  /** How the far end has ended, which it must within {@code deadline}. */
  int farExit(Duration deadline) throws Exception {
    long end = System.nanoTime() + deadline.toNanos();
    while (farExit().isEmpty() && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    return farExit().orElseThrow(() -> new AssertionError("not within " + deadline));
  }

  /** No process has anything to do with this directory, at the latest after {@code deadline}. */
  void assertNobodyIsLeft(Duration deadline) throws Exception {
    long end = System.nanoTime() + deadline.toNanos();
    while (!processes().isEmpty() && System.nanoTime() < end) {
      Thread.sleep(5);
    }
    assertThat(processes()).as("processes that are left").isEmpty();
  }

  /** Command lines that name this directory. One that has ended but is not reaped has none. */
  private List<String> processes() {
    return ProcessHandle.allProcesses()
        .map(process -> process.pid() + " " + process.info().commandLine().orElse(""))
        .filter(line -> line.contains(directory.toString()))
        .toList();
  }

  /** The image is the volume, byte for byte. */
  void assertSame() throws IOException {
    assertThat(Files.mismatch(volume(), image())).as("first difference").isEqualTo(-1);
  }
}
