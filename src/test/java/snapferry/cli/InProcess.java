package snapferry.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/**
 * Runs the program in this process, for tests of many runs where the start of a Java is dear. What
 * it prints is what the process prints meanwhile, so such tests run one at a time; results, which
 * go past {@link System#out}, are not printed.
 */
@NullMarked
final class InProcess {
  private final Path state;

  /**
   * @param state the state directory of all runs
   */
  InProcess(Path state) {
    this.state = state;
  }

  /** Runs {@code snapferry} with this command and these arguments. */
  @SuppressWarnings("SystemOut")
  Launcher.Result run(String command, String... arguments) {
    List<String> words =
        new ArrayList<>(List.of(command, "--quiet", "--state-dir", state.toString()));
    words.addAll(List.of(arguments));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream formerOut = System.out;
    PrintStream formerErr = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int exit = Snapferry.run(words.toArray(String[]::new), new Interruption());
      return new Launcher.Result(
          exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(formerOut);
      System.setErr(formerErr);
    }
  }
}
