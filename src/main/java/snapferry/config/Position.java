package snapferry.config;

/**
 * A line of a configuration file, as people and editors write it: {@code FILE:LINE}.
 *
 * @param line from 1; 0 for the file as a whole
 */
public record Position(String file, int line) {
  /** The file as a whole. */
  public static Position of(String file) {
    return new Position(file, 0);
  }

  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line;
  }
}
