package snapferry.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;

/** Runs the packaged program through its launcher, as users do, in a directory of its own. */
@NullMarked
final class Launcher {
  /** Of what hangs: a guest of the lab may be that slow. */
  private static final long LIMIT_SECONDS = 240;

  private final Path directory;
  private final Path program;

  Launcher(Path directory) {
    this(directory, program());
  }

  /**
   * @param program the launcher to run
   */
  Launcher(Path directory, Path program) {
    this.directory = directory;
    this.program = program;
  }

  /** What a run left behind. */
  record Result(int exit, String out, String err) {
    /** The events on stdout, in order; their fields too. */
    List<Map<String, Object>> events() throws IOException {
      List<Map<String, Object>> events = new ArrayList<>();
      for (String line : out.lines().toList()) {
        events.add(object(line));
      }
      return events;
    }

    Map<String, Object> lastEvent() throws IOException {
      List<Map<String, Object>> events = events();
      return events.get(events.size() - 1);
    }

    private static Map<String, Object> object(String line) throws IOException {
      Map<String, Object> fields = new LinkedHashMap<>();
      try (JsonParser parser = new JsonFactory().createParser(line)) {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          fields.put(
              name,
              switch (parser.nextToken()) {
                case VALUE_NUMBER_INT -> parser.getLongValue();
                case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
                default -> parser.getText();
              });
        }
      }
      return fields;
    }
  }

  /** A run that goes on. */
  record Running(Process process, Path out, Path err) {
    /** Waits for its end. */
    Result await() throws IOException, InterruptedException {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError("still running after " + LIMIT_SECONDS + " s");
      }
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }
  }

  static Path program() {
    return Path.of(property("snapferry.launcher"));
  }

  static Path localRsh() {
    return Path.of(property("snapferry.basedir"), "scripts", "local-rsh");
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name);
  }

  /** Starts {@code snapferry} with these arguments. */
  Running start(String... arguments) throws IOException {
    return start(Map.of(), arguments);
  }

  /** Starts {@code snapferry} with these arguments and more variables in its environment. */
  Running start(Map<String, String> environment, String... arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of(program.toString()));
    words.addAll(List.of(arguments));
    Path out = Files.createTempFile("snapferry-test", ".out");
    Path err = Files.createTempFile("snapferry-test", ".err");
    out.toFile().deleteOnExit();
    err.toFile().deleteOnExit();
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    builder.environment().put("SNAPFERRY_STATE_DIR", directory.resolve("state").toString());
    return new Running(builder.start(), out, err);
  }

  /** Runs {@code snapferry} with these arguments. */
  Result run(String... arguments) throws IOException, InterruptedException {
    return start(arguments).await();
  }

  /** Runs {@code snapferry COMMAND} with a remote shell that stays here. */
  Result runOverLocalRsh(String command, String... arguments)
      throws IOException, InterruptedException {
    return run(overLocalRsh(command, arguments));
  }

  /** The arguments for a run with a remote shell that stays here. */
  static String[] overLocalRsh(String command, String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                command,
                "--rsh",
                "'" + localRsh() + "'",
                "--remote-command",
                "'" + program() + "'"));
    words.addAll(List.of(arguments));
    return words.toArray(String[]::new);
  }

  /** Writes an executable shell script. */
  Path script(String name, String body) throws IOException {
    Path script = directory.resolve(name);
    Files.writeString(script, "#!/bin/sh\n" + body + "\n");
    script.toFile().setExecutable(true);
    return script;
  }
}
