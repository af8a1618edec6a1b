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
  private final OutputOptions options;
  private final PrintStream out;
  private final PrintStream err;
  private final Progress progress;
  private final @Nullable JsonEvents json;
  private boolean warned;
  private boolean begun;

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
    this.options = options;
    this.out = out;
    this.err = err;
    this.progress = progress;
    this.json = json;
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
      complain(text);
    }
  }

  @Override
  public synchronized void warn(String text) {
    warned = true;
    event("warning", event -> event.writeStringField("text", text));
    complain("warning: " + text);
  }

  /** Something that goes on for long has begun: for people, and as an event of this name. */
  synchronized void announce(String event, String text) {
    event(event, fields -> fields.writeStringField("text", text));
    if (!options.quiet()) {
      complain(text);
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
      out.println(Printable.escape(line));
    }
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
    event(
        "error",
        event -> {
          event.writeNumberField("exit", failure.exit().code());
          event.writeStringField("message", message);
        });
    complain(message);
    if (advice != null) {
      complain(advice);
    }
  }

  /** The run failed in a way that nobody thought of. */
  synchronized void bug(Throwable thrown) {
    String message = "this is a bug, please report it: " + thrown;
    event(
        "error",
        event -> {
          event.writeNumberField("exit", Failure.exitOf(thrown).code());
          event.writeStringField("message", message);
        });
    complain(message + (options.verbose() ? "" : " (-v shows where)"));
    if (options.verbose()) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      trace.toString().lines().forEach(line -> err.println(Printable.escape(line)));
    }
  }

  private void complain(String text) {
    progress.clear();
    err.println("snapferry: " + Printable.escape(text));
  }

  /** Nothing more comes. */
  synchronized void close() {
    progress.clear();
    out.flush();
    err.flush();
  }
}
