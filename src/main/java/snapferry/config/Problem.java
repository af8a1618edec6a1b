package snapferry.config;

/**
 * A mistake in a configuration.
 *
 * @param at where
 * @param text what is wrong, and what would be right
 */
public record Problem(Position at, String text) {
  @Override
  public String toString() {
    return at + ": " + text;
  }
}
