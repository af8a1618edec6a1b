package snapferry.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help;

/**
 * Makes words stand out, on a terminal whose user wants that: <a
 * href="https://no-color.org">NO_COLOR</a>. Sequences of ECMA-48, which every terminal knows but a
 * dumb one.
 */
enum Colours {
  OFF,
  ON;

  /**
   * Those of a terminal.
   *
   * @param terminal null where there is none
   */
  static Colours of(@Nullable Terminal terminal) {
    return of(terminal, System.getenv());
  }

  static Colours of(@Nullable Terminal terminal, Map<String, String> environment) {
    boolean unwanted = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
    return terminal == null || unwanted || dumb ? OFF : ON;
  }

  /** The same for picocli. */
  Help.Ansi ansi() {
    return this == ON ? Help.Ansi.ON : Help.Ansi.OFF;
  }

  String bold(String text) {
    return set("1", text);
  }

  String red(String text) {
    return set("31", text);
  }

  String yellow(String text) {
    return set("33", text);
  }

  private String set(String rendition, String text) {
    return this == ON ? "\u001b[" + rendition + "m" + text + "\u001b[m" : text;
  }
}
