package snapferry.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** How much a command tells, and in which form. */
final class OutputOptions extends OptionGroup {
  private final Flag verbose = with(new Flag("-v, --verbose", "Say more on stderr."));

  private final Flag quiet = with(new Flag("-q, --quiet", "Say nothing but warnings and errors."));

  private final Flag progress =
      with(
          new Flag(
              "--progress",
              "Show progress on stderr. On a terminal this is the default; elsewhere it is a plain"
                  + " line every few seconds."));

  private final Flag json =
      with(
          new Flag(
              "--json",
              "Write one JSON object per event to stdout, the last of them the summary."));

  boolean verbose() {
    return verbose.isGiven();
  }

  boolean quiet() {
    return quiet.isGiven();
  }

  boolean json() {
    return json.isGiven();
  }

  boolean progress() {
    return progress.isGiven();
  }

  /** Does what a configuration asks for, too. */
  void add(boolean verbose, boolean quiet, boolean progress, boolean json) {
    this.verbose.configure(verbose);
    this.quiet.configure(quiet);
    this.progress.configure(progress);
    this.json.configure(json);
  }

  /** Those of what is said on stderr. */
  Colours colours() {
    return Colours.of(Terminal.ofStandardError());
  }

  /** A report that tells as much as was asked for. */
  Report report() {
    PrintStream out = new PrintStream(StandardOutput.open(), true, StandardCharsets.UTF_8);
    return new Report(this, out, System.err, progressOf(), json() ? new JsonEvents(out) : null);
  }

  private Progress progressOf() {
    if (quiet() || (json() && !progress())) {
      return Progress.NONE;
    }
    @Nullable Terminal terminal = Terminal.ofStandardError();
    if (terminal != null) {
      return new TerminalProgress(System.err, terminal.width());
    }
    return progress() ? new LineProgress(System.err, Report.PREFIX) : Progress.NONE;
  }
}
