package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code help} tells, and that colours are for terminals only. */
@NullMarked
class HelpIT {
  private static final String ESCAPE = "\u001b";

  @TempDir private Path directory;

  private Launcher.Result snapferry(String... words) throws Exception {
    return new Launcher(directory).run(words);
  }

  @Test
  void listsCommandsAndTopics() throws Exception {
    Launcher.Result help = snapferry("help");
    assertThat(help.exit()).isZero();
    assertThat(help.out())
        .contains("check-config", "Topics:", "  exit-codes")
        .doesNotContain(ESCAPE);
  }

  @Test
  void explainsACommandAndWhatIsBelowIt() throws Exception {
    assertThat(snapferry("help", "push").out())
        .startsWith("Usage: snapferry push ")
        .contains("--snapshot-size");
    assertThat(snapferry("help", "track", "rotate").out())
        .startsWith("Usage: snapferry track rotate ");
  }

  @Test
  void explainsATopicInTheWordsOfTheDocumentation() throws Exception {
    Launcher.Result help = snapferry("help", "changes");
    assertThat(help.exit()).isZero();
    assertThat(help.out()).contains("  cow   the exception table of a classic snapshot");
    assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void whatThereIsNotIsAMistake() throws Exception {
    Launcher.Result help = snapferry("help", "weather");
    assertThat(help.exit()).isEqualTo(2);
    assertThat(help.out()).isEmpty();
    assertThat(help.err()).contains("there is no command and no topic 'weather'");
  }

  @Test
  void whatCouldNotBeToldIsAFailure() throws Exception {
    for (String command : new String[] {"--help", "help push", "help exit-codes", "--version"}) {
      String line = "'%s' %s >/dev/full".formatted(Launcher.program(), command);
      Process full = new ProcessBuilder("sh", "-c", line).directory(directory.toFile()).start();
      String err = new String(full.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(full.waitFor()).as(command).isEqualTo(1);
      assertThat(err).as(command).contains("could not be written to stdout");
    }
  }

  /** What a command writes to a terminal. */
  private String onATerminal(String environment, String command) throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/script")), "script is not installed");
    String line = "env TERM=xterm %s '%s' %s".formatted(environment, Launcher.program(), command);
    Process script =
        new ProcessBuilder("script", "--quiet", "--command", line, "/dev/null")
            .redirectInput(Path.of("/dev/null").toFile())
            .directory(directory.toFile())
            .start();
    return read(script);
  }

  private static String read(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  @Test
  void headingsAndErrorsStandOutOnATerminal() throws Exception {
    assertThat(onATerminal("", "help exit-codes")).contains(ESCAPE + "[1m130" + ESCAPE + "[m");
    assertThat(onATerminal("", "promote none.img")).contains(ESCAPE + "[31msnapferry: ");
  }

  @Test
  void nothingDoesForWhoSetsNoColor() throws Exception {
    for (String command : new String[] {"help exit-codes", "help push", "promote none.img"}) {
      assertThat(onATerminal("NO_COLOR=1", command)).isNotEmpty().doesNotContain(ESCAPE + "[3");
    }
  }

  @Test
  void nothingDoesInAFile() throws Exception {
    assertThat(snapferry("promote", "none.img").err()).isNotEmpty().doesNotContain(ESCAPE);
    assertThat(snapferry("help", "push").out()).doesNotContain(ESCAPE);
    assertThat(snapferry().err()).isNotEmpty().doesNotContain(ESCAPE);
  }
}
