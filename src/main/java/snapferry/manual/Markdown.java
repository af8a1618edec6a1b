package snapferry.manual;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads Markdown, as far as the pages of this project make use of it: headings, paragraphs, lists
 * with hyphens, fenced code, definitions (a term, and below it a colon and what it means) and
 * tables. Each row of a table is a definition too: its first cell, and the others.
 */
public final class Markdown {
  private static final String FENCE = "```";
  private static final String ITEM = "- ";
  private static final String DEFINITION = ": ";
  private static final Pattern BAR = Pattern.compile("(?<!\\\\)\\|");

  /** Heading and rule of a table. */
  private static final int ROWS_BEFORE_THE_FIRST = 2;

  private final List<Block> blocks = new ArrayList<>();
  private final List<String> pending = new ArrayList<>();
  private final List<String> lines;
  private int next;

  private Markdown(List<String> lines) {
    this.lines = lines;
  }

  /** The blocks of a page, in order. */
  public static List<Block> read(String page) {
    Markdown markdown = new Markdown(page.lines().toList());
    markdown.read();
    return List.copyOf(markdown.blocks);
  }

  private void read() {
    while (next < lines.size()) {
      String line = lines.get(next++);
      if (line.isBlank()) {
        flush();
      } else if (line.startsWith(FENCE)) {
        flush();
        code(line.substring(FENCE.length()).strip());
      } else if (line.startsWith("#")) {
        flush();
        String text = line.replaceFirst("^#+", "");
        blocks.add(new Block.Heading(line.length() - text.length(), text.strip()));
      } else if (line.startsWith("|")) {
        flush();
        next--;
        table();
      } else {
        if (line.startsWith(ITEM)) {
          flush();
        }
        pending.add(line.strip());
      }
    }
    flush();
  }

  /** What was read since the last block is one. */
  private void flush() {
    if (pending.isEmpty()) {
      return;
    }
    String first = pending.get(0);
    if (pending.size() > 1 && pending.get(1).startsWith(DEFINITION)) {
      String text = String.join(" ", pending.subList(1, pending.size()));
      blocks.add(new Block.Definition(first, text.substring(DEFINITION.length())));
    } else {
      String text = String.join(" ", pending);
      blocks.add(
          first.startsWith(ITEM)
              ? new Block.Item(text.substring(ITEM.length()))
              : new Block.Paragraph(text));
    }
    pending.clear();
  }

  private void code(String language) {
    int begin = next;
    while (next < lines.size() && !lines.get(next).startsWith(FENCE)) {
      next++;
    }
    blocks.add(new Block.Code(language, lines.subList(begin, next)));
    next++;
  }

  private void table() {
    int begin = next;
    while (next < lines.size() && lines.get(next).startsWith("|")) {
      next++;
    }
    for (String row : lines.subList(Math.min(begin + ROWS_BEFORE_THE_FIRST, next), next)) {
      List<String> cells =
          Arrays.stream(BAR.split(row.substring(1)))
              .map(cell -> cell.strip().replace("\\|", "|"))
              .toList();
      String rest =
          cells.stream().skip(1).filter(cell -> !cell.isEmpty()).collect(Collectors.joining("; "));
      blocks.add(new Block.Definition(cells.get(0), rest));
    }
  }
}
