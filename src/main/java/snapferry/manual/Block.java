package snapferry.manual;

import java.util.List;

/** A part of a page, as long as it is. Texts are single lines with the marks of {@link Span}. */
public sealed interface Block {
  /**
   * A heading.
   *
   * @param level 1 for the title of a page
   */
  record Heading(int level, String text) implements Block {}

  /** Some sentences. */
  record Paragraph(String text) implements Block {}

  /** A point of a list. */
  record Item(String text) implements Block {}

  /** A term and what there is to say about it; a row of a table too. */
  record Definition(String term, String text) implements Block {}

  /**
   * Lines that stay as they are.
   *
   * @param language of the code, or empty
   */
  record Code(String language, List<String> lines) implements Block {
    public Code {
      lines = List.copyOf(lines);
    }
  }
}
