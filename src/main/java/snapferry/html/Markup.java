package snapferry.html;

import java.util.ArrayDeque;
import java.util.Deque;
import snapferry.codec.Printable;

/**
 * HTML and SVG as they are put together. There is no way in for text that is not escaped: names and
 * messages may come from another host, and from whoever speaks in its name.
 */
final class Markup {
  private final StringBuilder written = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /** The first line of a document. */
  Markup doctype() {
    written.append("<!doctype html>\n");
    return this;
  }

  /**
   * Opens an element.
   *
   * @param attributes names and values in turn
   */
  Markup open(String tag, String... attributes) {
    tag(tag, attributes);
    open.push(tag);
    return this;
  }

  /** An element that holds nothing and needs no end, as HTML knows some. */
  Markup lone(String tag, String... attributes) {
    tag(tag, attributes);
    return this;
  }

  /** An element of SVG that holds nothing. */
  Markup shape(String tag, String... attributes) {
    return open(tag, attributes).close();
  }

  /** An element that holds text. */
  Markup element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  /** Closes what was opened last. */
  Markup close() {
    written.append("</").append(open.pop()).append('>');
    return this;
  }

  /** Text; what does not print is shown as it is on a terminal. */
  Markup text(String text) {
    escape(text);
    return this;
  }

  /** A style sheet of our own, which is not escaped: so it is no place for anybody's text. */
  Markup style(String css) {
    if (css.contains("<")) {
      throw new IllegalArgumentException("a style sheet that would end early");
    }
    written.append("<style>").append(css).append("</style>");
    return this;
  }

  /** A line end, so that people can read the source. */
  Markup line() {
    written.append('\n');
    return this;
  }

  private void tag(String tag, String... attributes) {
    written.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      written.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      written.append('"');
    }
    written.append('>');
  }

  private void escape(String text) {
    String shown = Printable.escape(text);
    for (int i = 0; i < shown.length(); i++) {
      char c = shown.charAt(i);
      switch (c) {
        case '&' -> written.append("&amp;");
        case '<' -> written.append("&lt;");
        case '>' -> written.append("&gt;");
        case '"' -> written.append("&quot;");
        case '\'' -> written.append("&#39;");
        default -> written.append(c);
      }
    }
  }

  /** All of it. */
  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException(open.peek() + " was not closed");
    }
    return written.toString();
  }
}
