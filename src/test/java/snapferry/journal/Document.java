package snapferry.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What a specification holds for tests, found by the comment before it. */
public final class Document {
  private static final String JOURNAL = "journal.md";

  private Document() {}

  /** The text of the fenced block after {@code <!-- example: name -->}. */
  static String example(String name) throws IOException {
    return String.join("\n", lines(JOURNAL, name)) + "\n";
  }

  static byte[] dump(String name) throws IOException {
    return dump(JOURNAL, name);
  }

  static List<List<String>> table(String name) throws IOException {
    return table(JOURNAL, name);
  }

  /**
   * The bytes of such a block that is a hex dump, in which {@code *} repeats the line before it.
   */
  public static byte[] dump(String page, String name) throws IOException {
    byte[] bytes = {};
    byte[] last = {};
    for (String line : lines(page, name)) {
      if (!line.equals("*")) {
        int offset = Integer.parseInt(line.substring(0, 8), 16);
        int end = bytes.length;
        bytes = Arrays.copyOf(bytes, offset);
        for (; end < offset; end += last.length) {
          System.arraycopy(last, 0, bytes, end, last.length);
        }
        String hex = line.substring(8).replaceAll("\\|.*", "").replace(" ", "");
        last = HexFormat.of().parseHex(hex);
        bytes = Arrays.copyOf(bytes, offset + last.length);
        System.arraycopy(last, 0, bytes, offset, last.length);
      }
    }
    return bytes;
  }

  /** The cells of the table after {@code <!-- table: name -->}, without its head. */
  public static List<List<String>> table(String page, String name) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (String line : after(page, "<!-- table: " + name + " -->")) {
      if (!line.startsWith("|")) {
        break;
      }
      rows.add(Arrays.stream(line.substring(1).split("\\|")).map(String::trim).toList());
    }
    return rows.subList(2, rows.size());
  }

  private static List<String> lines(String page, String name) throws IOException {
    List<String> lines = after(page, "<!-- example: " + name + " -->");
    return lines.subList(1, lines.subList(1, lines.size()).indexOf("```") + 1);
  }

  private static List<String> after(String page, String marker) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("src/site/markdown", page));
    return lines.subList(lines.indexOf(marker) + 1, lines.size());
  }
}
