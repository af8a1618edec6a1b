package snapferry.manual;

import java.util.List;
import java.util.Locale;

/** A page for man(1), as it grows; in the macros of groff_man(7), which mandoc(1) knows too. */
final class Roff {
  private static final String REGULAR = "\\fR";

  private final StringBuilder page = new StringBuilder();

  /** Whether a heading was the last, which begins a paragraph by itself. */
  private boolean headed = true;

  /**
   * Begins a page.
   *
   * @param name of the page
   * @param section of the manual
   * @param date of the page, as 2026-01-31
   * @param software name and version of what it is about
   */
  Roff(String name, int section, String date, String software) {
    String title = quote(name.toUpperCase(Locale.ROOT)) + " " + section + " \"" + date + '"';
    line(".TH " + title + " " + quote(software) + " \"Snapferry Manual\"");
  }

  /** A heading of the page. */
  Roff section(String text) {
    line(".SH " + quote(text.toUpperCase(Locale.ROOT)));
    headed = true;
    return this;
  }

  /** The name of a page and what it is about, as whatis(1) wants it. */
  Roff name(String name, String about) {
    section("NAME");
    line(escape(name) + " \\- " + escape(about));
    return this;
  }

  /** Blocks of a page, all below the heading that was the last. */
  Roff blocks(List<Block> blocks) {
    blocks.forEach(this::block);
    return this;
  }

  private void block(Block block) {
    if (block instanceof Block.Heading heading) {
      line(".SS " + quote(Span.plain(heading.text())));
      headed = true;
      return;
    }
    if (block instanceof Block.Paragraph paragraph) {
      if (!headed) {
        line(".PP");
      }
      text(paragraph.text());
    } else if (block instanceof Block.Item item) {
      line(".IP \\(bu 2");
      text(item.text());
    } else if (block instanceof Block.Definition definition) {
      line(".TP");
      text(definition.term());
      text(definition.text().isEmpty() ? " " : definition.text());
    } else if (block instanceof Block.Code code) {
      code(code.lines());
    }
    headed = false;
  }

  private void code(List<String> lines) {
    if (!headed) {
      line(".PP");
    }
    line(".RS 4");
    line(".nf");
    lines.forEach(each -> line(guard(escape(each))));
    line(".fi");
    line(".RE");
  }

  private void text(String marked) {
    StringBuilder set = new StringBuilder();
    for (Span span : Span.read(marked)) {
      String words = escape(span.text());
      set.append(
          switch (span.style()) {
            case PLAIN -> words;
            case CODE, STRONG -> "\\fB" + words + REGULAR;
            case EMPHASIS -> "\\fI" + words + REGULAR;
          });
    }
    line(guard(set.toString()));
  }

  /** A line that begins like a request of roff is none. */
  private static String guard(String line) {
    return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
  }

  /** What roff would take for its own, or for typography. */
  private static String escape(String text) {
    return text.replace("\\", "\\e")
        .replace("-", "\\-")
        .replace("'", "\\(aq")
        .replace("`", "\\(ga")
        .replace("^", "\\(ha")
        .replace("~", "\\(ti");
  }

  private static String quote(String text) {
    return "\"" + escape(text).replace("\"", "\\(dq") + "\"";
  }

  private void line(String text) {
    page.append(text).append('\n');
  }

  @Override
  public String toString() {
    return page.toString();
  }
}
