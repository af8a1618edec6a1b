package snapferry.config;

import java.util.List;

/**
 * The text of a configuration, unread.
 *
 * @param main the main file, where settings of the process and for all volumes stand
 * @param parts more files, which hold volumes only, in the order of their names
 */
public record ConfigurationText(File main, List<File> parts) {
  public ConfigurationText {
    parts = List.copyOf(parts);
  }

  /** A file: its name in messages, and what is in it. */
  public record File(String name, String text) {}

  /**
   * What it says.
   *
   * @throws BadConfiguration if anything in it is wrong
   */
  public Configuration parse() throws BadConfiguration {
    return new Parser().parse(this);
  }
}
