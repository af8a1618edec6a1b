package snapferry.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import snapferry.codec.Printable;
import snapferry.failure.Failure;
import snapferry.replicate.Monitor;

/**
 * What a command tells: results on stdout, for people or as JSON, and everything else on stderr.
 * Safe for use by several threads.
 */
final class Report implements Monitor {
  /** What lines on stderr begin with. */
  static final String PREFIX = "snapferry: ";

  // How urgent a line is: syslog(3), sd-daemon(3).
  private static final int ERROR = 3;
  private static final int WARNING = 4;
  private static final int INFORMATION = 6;

  private final OutputOptions options;
  private final PrintStream out;
  private final PrintStream err;
  private final Progress progress;
  private final @Nullable JsonEvents json;
  private final boolean outToJournal;
  private final boolean errToJournal;
  private final String name;
  private boolean warned;
  private boolean begun;
  private @Nullable String trouble;

  /**
   * @param progress shows how far a run is
   * @param json writes events to {@code out}; null when it is for people
   */
  Report(
      OutputOptions options,
      PrintStream out,
      PrintStream err,
      Progress progress,
      @Nullable JsonEvents json) {
    this(options, out, err, progress, json, false, false, "");
  }

  private Report(
      OutputOptions options,
      PrintStream out,
      PrintStream err,
      Progress progress,
      @Nullable JsonEvents json,
      boolean outToJournal,
      boolean errToJournal,
      String name) {
    this.options = options;
    this.out = out;
    this.err = err;
    this.progress = progress;
    this.json = json;
    this.outToJournal = outToJournal;
    this.errToJournal = errToJournal;
    this.name = name;
  }

  /**
   * The same for the journal of systemd: lines on stderr say how urgent they are, and not whose
   * they are.
   *
   * @param outToo whether lines on stdout get there as well
   */
  Report toJournal(boolean outToo) {
    return new Report(options, out, err, Progress.NONE, json, outToo, true, name);
  }

  /** A report of one run of several at a time, called {@code run}. */
  Report of(String run) {
    String lines = run + ": ";
    boolean shown = options.progress() && !options.quiet();
    return new Report(
        options,
        out,
        err,
        shown ? new LineProgress(err, prefix(INFORMATION) + lines) : Progress.NONE,
        json == null ? null : json.of(run),
        outToJournal,
        errToJournal,
        lines);
  }

  @Override
  public synchronized void phase(Phase phase) {
    begun |= phase != Phase.CONNECTING;
    progress.phase(phase);
    if (json != null) {
      json.write("phase", event -> event.writeStringField("phase", phase.label()));
    }
  }

  @Override
  public synchronized void progress(long done, long total) {
    progress.progress(done, total);
    if (json != null) {
      json.progress(done, total);
    }
  }

  @Override
  public synchronized void note(String text) {
    event("note", event -> event.writeStringField("text", text));
    if (options.verbose() && !options.json()) {
      complain(INFORMATION, text);
    }
  }

  @Override
  public synchronized void warn(String text) {
    warned = true;
    trouble = trouble == null ? text : trouble;
    event("warning", event -> event.writeStringField("text", text));
    complain(WARNING, "warning: " + text);
  }

  /** Why the run failed, or else its first warning; null if there was neither. */
  synchronized @Nullable String trouble() {
    return trouble;
  }

  /** Something that goes on for long has begun: for people, and as an event of this name. */
  synchronized void announce(String event, String text) {
    event(event, fields -> fields.writeStringField("text", text));
    if (!options.quiet()) {
      complain(INFORMATION, text);
    }
  }

  /** Whether anything deserves a look. */
  synchronized boolean warned() {
    return warned;
  }

  /** Whether the run got beyond its connection. */
  synchronized boolean begun() {
    return begun;
  }

  /** A result for people. */
  synchronized void say(String line) {
    if (!options.quiet() && !options.json()) {
      progress.clear();
      out.println((outToJournal ? priority(INFORMATION) : "") + name + Printable.escape(line));
    }
  }

  /** A result that is a document of its own: nothing is added to it. */
  synchronized void document(String text) {
    progress.clear();
    out.print(text);
  }

  /** An event, if events are asked for. */
  synchronized void event(String name, JsonEvents.Fields fields) {
    if (json != null) {
      json.write(name, fields);
    }
  }

  /** Why the run failed, and what to do next. */
  synchronized void failure(Failure failure, @Nullable String advice) {
    String message = String.valueOf(failure.getMessage());
    trouble = message;
    event(
        "error",
        event -> {
          event.writeNumberField("exit", failure.exit().code());
          event.writeStringField("message", message);
        });
    complain(ERROR, message);
    if (advice != null) {
      complain(ERROR, advice);
    }
  }

  /** The run failed in a way that nobody thought of. */
  synchronized void bug(Throwable thrown) {
    String message = "this is a bug, please report it: " + thrown;
    trouble = message;
    event(
        "error",
        event -> {
          event.writeNumberField("exit", Failure.exitOf(thrown).code());
          event.writeStringField("message", message);
        });
    complain(ERROR, message + (options.verbose() ? "" : " (-v shows where)"));
    if (options.verbose()) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      trace.toString().lines().forEach(line -> err.println(Printable.escape(line)));
    }
  }

  private void complain(int level, String text) {
    progress.clear();
    err.println(prefix(level) + name + Printable.escape(text));
  }

  private String prefix(int level) {
    if (errToJournal) {
      return priority(level);
    }
    return switch (level) {
      case ERROR -> options.colours().red(PREFIX);
      case WARNING -> options.colours().yellow(PREFIX);
      default -> PREFIX;
    };
  }

  private static String priority(int level) {
    return "<" + level + ">";
  }

  /** What was said so far is out of date: a terminal begins anew. */
  synchronized void renew() {
    if (!options.json()) {
      out.print(Terminal.ofStandardOutput() == null ? "\n" : "\u001b[H\u001b[2J");
    }
  }

  /** Nothing more comes. */
  synchronized void close() {
    progress.clear();
    out.flush();
    err.flush();
  }

  /**
   * Whether a result could not be written to stdout, of this report or of one of its runs. That
   * nobody reads any more is no such failure.
   */
  synchronized boolean hasLostResults() {
    return StandardOutput.hasLost(out);
  }
}
