package snapferry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** {@code reliability.md} names tests that there are, and leaves no fault out. */
@NullMarked
class ReliabilityPageTest {
  private static final Path TESTS = Path.of("src/test/java/snapferry");
  private static final Pattern ROW = Pattern.compile("(?m)^### (\\d+)\\. ");
  private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))\\.(\\w+)`");
  private static final Pattern CLASS = Pattern.compile("`(\\w+(?:Test|IT|Fuzz))[.`]");
  private static final int ROWS = 25;

  private final String page = Files.readString(Path.of("src/site/markdown/reliability.md"));

  ReliabilityPageTest() throws IOException {}

  /** The texts of all classes of tests, by their names. */
  private static Map<String, String> classes() throws IOException {
    try (Stream<Path> files = Files.walk(TESTS)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  ReliabilityPageTest::text,
                  (one, other) -> one + other));
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyTestThatIsNamedExists() throws IOException {
    Map<String, String> classes = classes();
    List<MatchResult> named = TEST.matcher(page).results().toList();
    assertThat(named).hasSizeGreaterThan(ROWS);
    assertThat(named.stream().filter(test -> !isTest(classes.get(test.group(1)), test.group(2))))
        .extracting(MatchResult::group)
        .isEmpty();
    assertThat(CLASS.matcher(page).results().map(name -> name.group(1)))
        .allMatch(classes::containsKey);
  }

  private static boolean isTest(@Nullable String text, String method) {
    return text != null && text.contains("\n  void " + method + "(");
  }

  @Test
  void everyFaultOfTheMatrixHasItsRowAndEachRowATestOrAWordThatThereIsNone() {
    assertThat(ROW.matcher(page).results().map(row -> Integer.parseInt(row.group(1))).sorted())
        .containsExactlyElementsOf(IntStream.rangeClosed(1, ROWS).boxed().toList());
    for (String row : page.split("(?m)^#+ ", -1)) {
      if (row.matches("(?s)\\d+\\. .*")) {
        assertThat(TEST.matcher(row).find() || row.contains("**no test**")).as(row).isTrue();
      }
    }
  }
}
