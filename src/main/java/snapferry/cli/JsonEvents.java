package snapferry.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Events as JSON: an object a line, whose first field {@code event} says what it is. Nobody reading
 * is no error.
 */
final class JsonEvents {
  private static final long PROGRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final PrintStream out;
  private final @Nullable String run;
  private final JsonFactory factory = new JsonFactory();
  private long nextProgress = System.nanoTime();

  /** The fields of an event after its name. */
  interface Fields {
    void write(JsonGenerator event) throws IOException;
  }

  JsonEvents(PrintStream out) {
    this(out, null);
  }

  private JsonEvents(PrintStream out, @Nullable String run) {
    this.out = out;
    this.run = run;
  }

  /** The same, of one run of several: a field {@code run} after the name says of which. */
  JsonEvents of(String run) {
    return new JsonEvents(out, run);
  }

  /** Writes one event. */
  void write(String name, Fields fields) {
    StringWriter line = new StringWriter();
    try (JsonGenerator event = factory.createGenerator(line)) {
      event.writeStartObject();
      event.writeStringField("event", name);
      if (run != null) {
        event.writeStringField("run", run);
      }
      fields.write(event);
      event.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // A StringWriter has no I/O that could fail.
    }
    out.println(line);
  }

  /** Writes how far the phase is, at most twice a second, and that it is done. */
  void progress(long done, long total) {
    long now = System.nanoTime();
    if (now - nextProgress < 0 && done < total) {
      return;
    }
    nextProgress = now + PROGRESS_NANOS;
    write(
        "progress",
        event -> {
          event.writeNumberField("done", done);
          event.writeNumberField("total", total);
        });
  }
}
