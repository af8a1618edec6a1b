package snapferry.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A piece of a text in one style.
 *
 * @param text without marks
 */
record Span(Style style, String text) {
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)\\]\\([^)]+\\)");
  private static final Pattern MARKED =
      Pattern.compile("`([^`]+)`|\\*\\*(.+?)\\*\\*|\\*([^*\\s][^*]*)\\*");

  /** How it is set. */
  enum Style {
    PLAIN,
    CODE,
    STRONG,
    EMPHASIS
  }

  /** Takes a text apart. Of a link, only its words are left. */
  static List<Span> read(String text) {
    String words = LINK.matcher(text).replaceAll("$1");
    List<Span> spans = new ArrayList<>();
    Matcher marked = MARKED.matcher(words);
    int end = 0;
    while (marked.find()) {
      add(spans, Style.PLAIN, words.substring(end, marked.start()));
      for (int group = 1; group <= marked.groupCount(); group++) {
        String inside = marked.group(group);
        add(spans, Style.values()[group], inside == null ? "" : inside);
      }
      end = marked.end();
    }
    add(spans, Style.PLAIN, words.substring(end));
    return spans;
  }

  private static void add(List<Span> spans, Style style, String text) {
    if (!text.isEmpty()) {
      spans.add(new Span(style, text));
    }
  }

  /** A text without its marks. */
  static String plain(String text) {
    return read(text).stream().map(Span::text).collect(Collectors.joining());
  }
}
