package snapferry.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Pages are taken apart, and set for a terminal and for man. */
@NullMarked
class MarkdownTest {
  private static final String PAGE =
      """
      # A page

      Some *words* of `code-x`, a [link](other.md), and
      **more** of them.

      ## Lists

      - one
        goes on
      - two

      `term`
      : means *this*.
      And that.

      | key | meaning | |
      |---|---|---|
      | `a\\|b` | either | or |
      | `c` | one | |

      ```sh
      # no heading
        - no item

      .nor a request
      ```
      """;

  @Test
  void aPageIsReadAsItsBlocks() {
    assertThat(Markdown.read(PAGE))
        .containsExactly(
            new Block.Heading(1, "A page"),
            new Block.Paragraph(
                "Some *words* of `code-x`, a [link](other.md), and **more** of them."),
            new Block.Heading(2, "Lists"),
            new Block.Item("one goes on"),
            new Block.Item("two"),
            new Block.Definition("`term`", "means *this*. And that."),
            new Block.Definition("`a|b`", "either; or"),
            new Block.Definition("`c`", "one"),
            new Block.Code("sh", List.of("# no heading", "  - no item", "", ".nor a request")));
  }

  @Test
  void linesOfATerminalAreNoLongerThanItIsWide() {
    assertThat(PlainText.of(Markdown.read(PAGE), 30, bold -> "<" + bold + ">"))
        .containsExactly(
            "<A page>",
            "",
            "  Some words of code-x, a",
            "  link, and more of them.",
            "",
            "<Lists>",
            "",
            "  - one goes on",
            "  - two",
            "",
            "  <term>  means this. And that.",
            "  <a|b>   either; or",
            "  <c>     one",
            "",
            "      # no heading",
            "        - no item",
            "",
            "      .nor a request");
  }

  @Test
  void whatIsLongerThanAnyLineHasOneOfItsOwn() {
    String page =
        "| a | b |\n|---|---|\n| `a-term-that-is-longer-than-most` | words |\n| `x` | y |";
    assertThat(PlainText.of(Markdown.read(page), 20, UnaryOperator.identity()))
        .containsExactly("  a-term-that-is-longer-than-most", "     words", "  x  y");
  }

  @Test
  void roffTakesNothingForItsOwn() {
    Roff roff = new Roff("x", 7, "2026-01-31", "x 1");
    roff.section("text").blocks(Markdown.read(".so\n\n'a' `b\\c` ~ ^\n\n```\n.x\n'y\n```\n"));
    assertThat(roff.toString().lines())
        .containsExactly(
            ".TH \"X\" 7 \"2026-01-31\" \"x 1\" \"Snapferry Manual\"",
            ".SH \"TEXT\"",
            "\\&.so",
            ".PP",
            "\\(aqa\\(aq \\fBb\\ec\\fR \\(ti \\(ha",
            ".PP",
            ".RS 4",
            ".nf",
            "\\&.x",
            "\\(aqy",
            ".fi",
            ".RE");
  }
}
