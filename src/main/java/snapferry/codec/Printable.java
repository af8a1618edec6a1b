package snapferry.codec;

/** Makes text from outside fit to be shown: a peer must not steer the operator's terminal. */
public final class Printable {
  private Printable() {}

  /**
   * The text with everything escaped that a terminal obeys instead of showing: control characters,
   * invisible format characters (which can turn the direction of writing), line and paragraph
   * separators, and what is no character at all. Written as in a Java string literal.
   */
  public static String escape(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints().forEach(c -> append(c, shown));
    return shown.toString();
  }

  private static void append(int c, StringBuilder shown) {
    switch (c) {
      case '\t' -> shown.append("\\t");
      case '\n' -> shown.append("\\n");
      case '\r' -> shown.append("\\r");
      default -> {
        if (isPrintable(c)) {
          shown.appendCodePoint(c);
        } else {
          for (char unit : Character.toChars(c)) {
            shown.append(String.format("\\u%04x", (int) unit));
          }
        }
      }
    }
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
