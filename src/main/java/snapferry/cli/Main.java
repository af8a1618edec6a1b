package snapferry.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Where the process begins. */
public final class Main {
  private Main() {}

  /** Runs the command that {@code arguments} name and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // Digits are 0 to 9 wherever this runs: programs read what is printed, and so do we.
    Locale.setDefault(Locale.Category.FORMAT, Locale.US);
    Interruption interruption = Interruption.install();
    List<String> words = Arrays.asList(arguments);
    // By hand, before any library: every session over ssh waits for the start of its far end.
    int code =
        !words.isEmpty() && words.get(0).equals(ServeArguments.COMMAND)
            ? new Serve(interruption).run(words.subList(1, words.size()))
            : Snapferry.run(arguments, interruption);
    interruption.exit(code);
  }
}
