package snapferry.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.NullMarked;

/**
 * Fuzz target: the text of a configuration. It is understood, or each mistake has its line and its
 * words.
 */
@NullMarked
public final class ConfigurationFuzz {
  private ConfigurationFuzz() {}

  /** The entry of Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, UTF_8);
    try {
      new ConfigurationText(new ConfigurationText.File("s.toml", text), List.of()).parse();
    } catch (BadConfiguration e) {
      for (Problem problem : e.problems()) {
        if (problem.at().line() < 0 || problem.text().isBlank()) {
          throw new AssertionError("a mistake that nobody finds: " + problem, e);
        }
      }
    }
  }
}
