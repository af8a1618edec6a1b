package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.Monitor.Phase;

@NullMarked
class ReportTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private Report report(String... arguments) {
    OutputOptions output = new OutputOptions();
    CommandSpec command = CommandSpec.create();
    output.addTo(command);
    new CommandLine(command).parseArgs(arguments);
    PrintStream stdout = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream stderr = new PrintStream(err, true, StandardCharsets.UTF_8);
    boolean json = List.of(arguments).contains("--json");
    return new Report(
        output,
        stdout,
        stderr,
        json ? Progress.NONE : new TerminalProgress(stderr, 80),
        json ? new JsonEvents(stdout) : null);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void nothingSteersTheTerminalOfTheReader() {
    Report report = report("-q");
    report.warn("evil \u001b]0;title\u0007");
    report.failure(new Failure(ExitCode.FAILED, "two\nlines"), null);
    assertThat(err())
        .isEqualTo("snapferry: warning: evil \\u001b]0;title\\u0007\nsnapferry: two\\nlines\n");
  }

  @Test
  void theProgressLineMakesWayForMessages() {
    Report report = report();
    report.phase(Phase.SENDING);
    report.warn("look");
    assertThat(err()).isEqualTo("\r\u001b[Ksending\r\u001b[Ksnapferry: warning: look\n");
  }

  @Test
  void quietLeavesWarningsAndErrorsOnly() {
    Report report = report("-q");
    report.say("result");
    report.note("note");
    report.warn("look");
    assertThat(out()).isEmpty();
    assertThat(err()).isEqualTo("snapferry: warning: look\n");
    assertThat(report.warned()).isTrue();
  }

  @Test
  void onlyWhatGetsToTheJournalSaysHowUrgentItIs() {
    Report report = report().toJournal(false);
    report.say("result");
    report.warn("look");
    assertThat(out()).isEqualTo("result\n");
    assertThat(err()).isEqualTo("<4>warning: look\n");
    report().toJournal(true).say("result");
    assertThat(out()).isEqualTo("result\n<6>result\n");
  }

  @Test
  void notesAreForTheCurious() {
    Report report = report("-v");
    report.note("note");
    assertThat(err()).isEqualTo("snapferry: note\n");
  }

  @Test
  void jsonIsAnObjectALine() {
    Report report = report("--json");
    report.phase(Phase.SENDING);
    report.progress(1, 2);
    report.progress(1, 2);
    report.progress(2, 2);
    report.note("a \"note\"");
    report.warn("look\n");
    report.say("not for machines");
    report.failure(new Failure(ExitCode.BUSY, "mounted"), "unmount it");
    assertThat(out().lines())
        .containsExactly(
            "{\"event\":\"phase\",\"phase\":\"sending\"}",
            "{\"event\":\"progress\",\"done\":1,\"total\":2}",
            "{\"event\":\"progress\",\"done\":2,\"total\":2}",
            "{\"event\":\"note\",\"text\":\"a \\\"note\\\"\"}",
            "{\"event\":\"warning\",\"text\":\"look\\n\"}",
            "{\"event\":\"error\",\"exit\":12,\"message\":\"mounted\"}");
  }

  @Test
  void aBugSaysSoAndShowsItsTraceToTheCurious() {
    report().bug(new IllegalStateException("impossible"));
    assertThat(err())
        .isEqualTo(
            "snapferry: this is a bug, please report it: java.lang.IllegalStateException:"
                + " impossible (-v shows where)\n");
    report("-v").bug(new IllegalStateException("impossible"));
    assertThat(err()).contains("at snapferry.cli.ReportTest");
  }
}
