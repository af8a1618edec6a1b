package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import snapferry.failure.ExitCode;
import snapferry.replicate.Monitor;

/** {@code cli.md} says what the program does. */
@NullMarked
class CommandLineDocumentTest {
  private static final Pattern CODE = Pattern.compile("(?m)^\\| (\\d+) \\| (.*) \\|$");
  private static final Pattern FIELD_ROW = Pattern.compile("(?m)^\\| (`[^|]+) \\|");
  private static final Pattern WORD = Pattern.compile("`(\\w+)`");

  private static String document() throws IOException {
    return Files.readString(Path.of("src/site/markdown/cli.md"));
  }

  @Test
  void theTableOfExitCodesIsThatOfTheProgram() throws IOException {
    assertThat(CODE.matcher(document()).results().map(row -> row.group(1) + " " + row.group(2)))
        .containsExactlyElementsOf(
            Arrays.stream(ExitCode.values())
                .map(exit -> exit.code() + " " + exit.meaning())
                .toList());
  }

  @Test
  void everyOptionIsDocumented() throws IOException {
    String document = document();
    CommandLine program = Snapferry.program(new Interruption());
    for (CommandLine command : program.getSubcommands().values()) {
      for (OptionSpec option : command.getCommandSpec().options()) {
        for (String name : option.names()) {
          assertThat(document).as(command.getCommandName()).containsPattern("`" + name + "[ `]");
        }
      }
      assertThat(document).contains(command.getCommandName());
    }
  }

  @Test
  void everyCommandIsCalledByItsNameAndHelpExplainsItself() {
    CommandLine program = Snapferry.program(new Interruption());
    assertThat(program.getSubcommands().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Snapferry.NAMES.stream(), Stream.of("help")).toList());
    for (CommandLine command : program.getSubcommands().values()) {
      assertThat(command.getCommandSpec().findOption("--help")).isNotNull();
    }
  }

  @Test
  void theFieldsOfTheSummaryAreInTheOrderOfTheDocument() throws IOException {
    String document = document();
    String table = document.substring(document.indexOf("The fields of `summary`"));
    List<String> documented =
        FIELD_ROW
            .matcher(table)
            .results()
            .flatMap(row -> WORD.matcher(row.group(1)).results())
            .map(CommandLineDocumentTest::word)
            .toList();
    StringWriter json = new StringWriter();
    try (JsonGenerator event = new JsonFactory().createGenerator(json)) {
      event.writeStartObject();
      SummaryText.fields(event, "/srv/vol0.img", null, ExitCode.BUSY);
      event.writeEndObject();
    }
    assertThat(Pattern.compile("\"(\\w+)\":").matcher(json.toString()).results())
        .extracting(CommandLineDocumentTest::word)
        .containsExactlyElementsOf(documented);
    assertThat(json.toString())
        .contains(
            "\"volume\":\"vol0.img\"", "\"result\":\"target busy or mounted\"", "\"exit\":12");
  }

  private static String word(MatchResult match) {
    return match.group(1);
  }

  @Test
  void everyPhaseIsDocumented() throws IOException {
    for (Monitor.Phase phase : Monitor.Phase.values()) {
      assertThat(document()).contains("`" + phase.label() + "`");
    }
  }
}
