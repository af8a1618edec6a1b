package snapferry.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Sets a page for a terminal. */
public final class PlainText {
  private static final int INDENT = 2;
  private static final int CODE_INDENT = 6;

  /** The widest column of terms; what is longer has a line of its own. */
  private static final int MAX_TERM = 22;

  private static final int MIN_TEXT = 20;

  private final List<String> lines = new ArrayList<>();
  private final int width;
  private final UnaryOperator<String> bold;

  private PlainText(int width, UnaryOperator<String> bold) {
    this.width = width;
    this.bold = bold;
  }

  /**
   * The lines of a page.
   *
   * @param width in columns
   * @param bold makes a heading or a term stand out
   */
  public static List<String> of(List<Block> page, int width, UnaryOperator<String> bold) {
    PlainText text = new PlainText(width, bold);
    for (int i = 0; i < page.size(); i++) {
      boolean continues = i > 0 && isOfOneList(page.get(i - 1), page.get(i));
      if (i > 0 && !continues) {
        text.lines.add("");
      }
      text.add(page.get(i), column(page, i));
    }
    return text.lines;
  }

  private static boolean isOfOneList(Block one, Block next) {
    return one.getClass() == next.getClass()
        && (one instanceof Block.Item || one instanceof Block.Definition);
  }

  /** How far the texts of the definitions around this block are indented. */
  private static int column(List<Block> page, int of) {
    int first = of;
    while (first > 0 && page.get(first - 1) instanceof Block.Definition) {
      first--;
    }
    int longest = 0;
    for (int i = first; i < page.size(); i++) {
      if (!(page.get(i) instanceof Block.Definition definition)) {
        break;
      }
      int length = Span.plain(definition.term()).length();
      longest = length <= MAX_TERM ? Math.max(longest, length) : longest;
    }
    return 2 * INDENT + longest;
  }

  private void add(Block block, int column) {
    if (block instanceof Block.Heading heading) {
      lines.add(bold.apply(Span.plain(heading.text())));
    } else if (block instanceof Block.Paragraph paragraph) {
      fill(" ".repeat(INDENT), INDENT, INDENT, paragraph.text());
    } else if (block instanceof Block.Item item) {
      fill("  - ", 2 * INDENT, 2 * INDENT, item.text());
    } else if (block instanceof Block.Definition definition) {
      define(definition, column);
    } else if (block instanceof Block.Code code) {
      code.lines().forEach(line -> lines.add((" ".repeat(CODE_INDENT) + line).stripTrailing()));
    }
  }

  private void define(Block.Definition definition, int column) {
    String term = Span.plain(definition.term());
    String set = " ".repeat(INDENT) + bold.apply(term);
    int end = INDENT + term.length();
    if (end + INDENT <= column) {
      fill(set + " ".repeat(column - end), column, column, definition.text());
    } else {
      lines.add(set);
      fill(" ".repeat(column), column, column, definition.text());
    }
  }

  /**
   * Breaks a text into lines.
   *
   * @param begin of the first line
   * @param used columns that {@code begin} takes
   * @param indent of the others
   */
  private void fill(String begin, int used, int indent, String text) {
    StringBuilder line = new StringBuilder(begin);
    int column = used;
    boolean empty = true;
    for (String word : Span.plain(text).split(" +", -1)) {
      int limit = Math.max(width, indent + MIN_TEXT);
      if (!empty && column + 1 + word.length() > limit) {
        lines.add(line.toString().stripTrailing());
        line = new StringBuilder(" ".repeat(indent));
        column = indent;
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      column += (empty ? 0 : 1) + word.length();
      empty = false;
    }
    lines.add(line.toString().stripTrailing());
  }
}
