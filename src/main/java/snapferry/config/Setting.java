package snapferry.config;

/**
 * A key with its value.
 *
 * @param text the value as one would type it: {@code true}, {@code 60}, {@code ssh -p 2222}
 * @param at where it is written
 */
public record Setting(Key key, String text, Position at) {
  /** Whether this is a flag that is set. */
  public boolean isTrue() {
    return text.equals("true");
  }
}
