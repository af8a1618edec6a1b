package snapferry.manual;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/**
 * A page of the documentation that travels with the program.
 *
 * @param name of its file, without {@code .md}
 */
record Page(String name, List<Block> blocks) {
  /** Reads a page. */
  static Page read(String name) {
    try (InputStream text = Page.class.getResourceAsStream(name + ".md")) {
      if (text == null) {
        throw new IllegalStateException("this jar has no page " + name);
      }
      String page = new String(text.readAllBytes(), StandardCharsets.UTF_8);
      return new Page(name, Markdown.read(page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What stands below the title. */
  List<Block> body() {
    return blocks.subList(1, blocks.size());
  }

  /**
   * A heading and what stands below it, up to the next of its level.
   *
   * @param heading the beginning of it
   */
  List<Block> section(String heading) {
    int begin = indexOf(0, block -> block.text().startsWith(heading));
    if (begin == blocks.size() || !(blocks.get(begin) instanceof Block.Heading found)) {
      throw new IllegalStateException(name + ".md has no heading " + heading);
    }
    int end = indexOf(begin + 1, next -> next.level() <= found.level());
    return blocks.subList(begin, end);
  }

  private int indexOf(int from, Predicate<Block.Heading> wanted) {
    for (int i = from; i < blocks.size(); i++) {
      if (blocks.get(i) instanceof Block.Heading heading && wanted.test(heading)) {
        return i;
      }
    }
    return blocks.size();
  }
}
