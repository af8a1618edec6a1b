package snapferry.process;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;

/**
 * The product as people run it: a process of {@code scripts/snapferry}. What it says goes to files,
 * so that nobody has to read along.
 */
@NullMarked
final class Program implements AutoCloseable {
  static final Path BASE =
      Path.of(System.getProperty("snapferry.basedir", "")).toAbsolutePath().normalize();
  static final Path LAUNCHER =
      Path.of(
          System.getProperty("snapferry.launcher", BASE.resolve("scripts/snapferry").toString()));

  /** Longer than any run here takes on a machine that is busy otherwise. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Process process;
  private final Path out;
  private final Path err;

  private Program(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * Starts it.
   *
   * @param directory where its output goes
   * @param environment variables beside those of this process
   */
  static Program start(Path directory, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(arguments);
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(environment);
    return new Program(builder.start(), out, err);
  }

  /** Runs it to its end. */
  static Outcome run(Path directory, String... arguments) throws Exception {
    try (Program program = start(directory, Map.of(), List.of(arguments))) {
      return program.await();
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end, which must come. */
  Outcome await() throws Exception {
    return await(PATIENCE);
  }

  /** Waits for its end, which must come within {@code deadline}. */
  Outcome await(Duration deadline) throws Exception {
    if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
      fail("still running after %s: %s %s", deadline, text(out), text(err));
    }
    return new Outcome(process.exitValue(), text(out), text(err));
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws Exception {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
    Files.delete(out);
    Files.delete(err);
  }
}
