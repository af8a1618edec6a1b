package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import snapferry.device.LoopDevice;
import snapferry.manual.Block;
import snapferry.manual.Markdown;
import snapferry.manual.Topic;

/** The pages of the manual that the build made. */
@NullMarked
class ManualIT {
  private static final Path BASE =
      Path.of(Objects.requireNonNull(System.getProperty("snapferry.basedir")));

  private static List<Path> pages() throws IOException {
    try (Stream<Path> pages = Files.list(BASE.resolve("target/man"))) {
      return pages.sorted().toList();
    }
  }

  private static void assumeProgram(String name) {
    assumeTrue(Files.exists(Path.of("/usr/bin", name)), name + " is not installed");
  }

  private static List<String> overAllPages(String... command) throws IOException {
    List<String> words = new ArrayList<>(List.of(command));
    pages().forEach(page -> words.add(page.toString()));
    return words;
  }

  @Test
  void groffFindsNothingToWarnOf() throws Exception {
    assumeProgram("groff");
    List<String> words = overAllPages("groff", "-ww", "-k", "-Tutf8", "-man");
    Process groff =
        new ProcessBuilder(words).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    assertThat(groff.getErrorStream()).hasBinaryContent(new byte[0]);
    assertThat(groff.waitFor()).isZero();
  }

  @Test
  void mandocFindsNothingToWarnOf() throws Exception {
    assumeProgram("mandoc");
    List<String> words = overAllPages("mandoc", "-Tlint", "-Wwarning");
    assertThat(LoopDevice.run(words.toArray(String[]::new))).isEmpty();
  }

  @Test
  void everyCommandAndEveryTopicHasItsPage() throws Exception {
    List<String> names = pages().stream().map(page -> page.getFileName().toString()).toList();
    Snapferry.NAMES.forEach(name -> assertThat(names).contains("snapferry-" + name + ".1"));
    for (Topic topic : Topic.ALL) {
      assertThat(names).containsAnyOf("snapferry-" + topic.name() + ".7", "snapferry.toml.5");
    }
    assertThat(names).contains("snapferry.1", "snapferry-track-rotate.1");
  }

  @Test
  void pagesOfCommandsHaveTheSectionsThatPeopleLookFor() throws Exception {
    for (Path page : pages()) {
      String text = Files.readString(page);
      assertThat(text).contains(".SH \"NAME\"", ".SH \"DESCRIPTION\"", ".SH \"SEE ALSO\"");
      if (page.toString().endsWith(".1")) {
        assertThat(text)
            .as("%s", page)
            .contains(".SH \"SYNOPSIS\"", ".SH \"EXIT STATUS\"", ".SH \"FILES\"");
      }
    }
    assertThat(Files.readString(BASE.resolve("target/man/snapferry-push.1")))
        .contains(".SH \"EXAMPLES\"", "push \\-n \\-\\-stats");
  }

  @Test
  void everyExampleIsACommandLineThatMakesSense() throws Exception {
    int examples = 0;
    String page = Files.readString(BASE.resolve("src/site/markdown/cli.md"));
    String section = page.substring(page.indexOf("## Examples"), page.indexOf("## Endpoints"));
    for (Block block : Markdown.read(section)) {
      if (block instanceof Block.Code code) {
        for (String line : code.lines()) {
          List<String> words = words(line);
          assertThat(words.get(0)).isEqualTo("snapferry");
          String[] arguments = words.subList(1, words.size()).toArray(String[]::new);
          if (!arguments[0].equals("serve")) {
            CommandLine program = Snapferry.program(new Interruption());
            assertThat(program.parseArgs(arguments).hasSubcommand()).as(line).isTrue();
          } else {
            ServeArguments.parse(words.subList(2, words.size()));
          }
          examples++;
        }
      }
    }
    assertThat(examples).isGreaterThan(10);
  }

  /** What the shell makes of a line. */
  private static List<String> words(String line) throws IOException {
    return LoopDevice.run("sh", "-c", "printf '%s\\n' " + line).lines().toList();
  }
}
