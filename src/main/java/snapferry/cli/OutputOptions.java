package snapferry.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much a command tells, and in which form. */
final class OutputOptions {
  @Option(
      names = {"-v", "--verbose"},
      description = "Say more on stderr.")
  private boolean verbose;

  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing but warnings and errors.")
  private boolean quiet;

  @Option(
      names = "--progress",
      description =
          "Show progress on stderr. On a terminal this is the default; elsewhere it is a plain"
              + " line every few seconds.")
  private boolean progress;

  @Option(
      names = "--json",
      description = "Write one JSON object per event to stdout, the last of them the summary.")
  private boolean json;

  boolean verbose() {
    return verbose;
  }

  boolean quiet() {
    return quiet;
  }

  boolean json() {
    return json;
  }

  boolean progress() {
    return progress;
  }

  /** Does what a configuration asks for, too. */
  void add(boolean verbose, boolean quiet, boolean progress, boolean json) {
    this.verbose |= verbose;
    this.quiet |= quiet;
    this.progress |= progress;
    this.json |= json;
  }

  /** Those of what is said on stderr. */
  Colours colours() {
    return Colours.of(Terminal.ofStandardError());
  }

  /** A report that tells as much as was asked for. */
  Report report() {
    PrintStream out = new PrintStream(StandardOutput.open(), true, StandardCharsets.UTF_8);
    return new Report(this, out, System.err, progressOf(), json ? new JsonEvents(out) : null);
  }

  private Progress progressOf() {
    if (quiet || (json && !progress)) {
      return Progress.NONE;
    }
    @Nullable Terminal terminal = Terminal.ofStandardError();
    if (terminal != null) {
      return new TerminalProgress(System.err, terminal.width());
    }
    return progress ? new LineProgress(System.err, Report.PREFIX) : Progress.NONE;
  }
}
