package snapferry.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.codec.SnapshotTime;
import snapferry.failure.ExitCode;
import snapferry.replicate.Heat;

/** A {@link RunRecord} as a line of the run log: one object of JSON, as {@code config.md} says. */
final class RunLine {
  /** Characters of a message that are kept. */
  static final int MAX_MESSAGE = 1000;

  /**
   * No line is longer, in characters: a message of which each is escaped, and what is around it.
   */
  static final int MAX_LENGTH = 8 * MAX_MESSAGE;

  private static final String HEAT = "heat";
  private static final JsonFactory JSON = new JsonFactory();
  private static final double MILLIS = 1000;

  private RunLine() {}

  /** The line, without its end. */
  static String encode(RunRecord run) {
    StringWriter line = new StringWriter();
    try (JsonGenerator object = JSON.createGenerator(line)) {
      object.writeStartObject();
      object.writeStringField("time", run.begun().truncatedTo(ChronoUnit.MILLIS).toString());
      object.writeStringField("volume", run.pair().volume());
      object.writeStringField("standby", run.pair().standby());
      object.writeNumberField("exit", run.exit().code());
      object.writeStringField("result", run.exit().meaning());
      object.writeNumberField("seconds", run.took().toMillis() / MILLIS);
      String message = run.message();
      if (message != null) {
        object.writeStringField(
            "message", message.substring(0, Math.min(message.length(), MAX_MESSAGE)));
      }
      if (run.identity() != null) {
        object.writeStringField("identity", run.identity().toString());
      }
      Achievement achievement = run.achievement();
      if (achievement != null) {
        object.writeStringField("root", achievement.root());
        object.writeStringField("changeSource", achievement.changeSource());
        for (Map.Entry<Count, Long> count : achievement.counts().entrySet()) {
          object.writeNumberField(count.getKey().field(), count.getValue());
        }
        Heat heat = achievement.heat();
        if (heat != null) {
          object.writeStringField(HEAT, heat.levels());
        }
      }
      object.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // A StringWriter has no I/O that could fail.
    }
    return line.toString();
  }

  /** The record of a line, or null if it is none: cut off by a crash, or somebody else's. */
  static @Nullable RunRecord decode(String line) {
    if (line.length() > MAX_LENGTH) {
      return null;
    }
    try {
      return record(fields(line));
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      return null;
    }
  }

  /** The fields of a flat object, by name; numbers as they are written. */
  private static Map<String, String> fields(String line) throws IOException {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser parser = JSON.createParser(line)) {
      require(parser.nextToken() == JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        require(parser.nextToken().isScalarValue());
        fields.put(name, parser.getText());
      }
      require(parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null);
    }
    return fields;
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new IllegalArgumentException("no line of a run log");
    }
  }

  private static RunRecord record(Map<String, String> fields) {
    String identity = fields.get("identity");
    Instant begun = Instant.parse(field(fields, "time"));
    require(
        !begun.isBefore(Instant.EPOCH) && begun.isBefore(Instant.ofEpochMilli(SnapshotTime.MAX)));
    return new RunRecord(
        new Pair(field(fields, "volume"), field(fields, "standby")),
        begun,
        took(field(fields, "seconds")),
        ExitCode.of(Integer.parseInt(field(fields, "exit"))),
        fields.get("message"),
        identity == null ? null : UUID.fromString(identity),
        achievement(fields));
  }

  private static String field(Map<String, String> fields, String name) {
    String text = fields.get(name);
    require(text != null);
    return String.valueOf(text);
  }

  private static Duration took(String seconds) {
    double value = Double.parseDouble(seconds);
    require(value >= 0 && value < Integer.MAX_VALUE);
    return Duration.ofMillis(Math.round(value * MILLIS));
  }

  private static @Nullable Achievement achievement(Map<String, String> fields) {
    String root = fields.get("root");
    if (root == null) {
      return null;
    }
    Map<Count, Long> counts = new EnumMap<>(Count.class);
    for (Count count : Count.values()) {
      String text = fields.get(count.field());
      if (text != null) {
        long value = Long.parseLong(text);
        require(value >= 0);
        counts.put(count, value);
      }
    }
    String heat = fields.get(HEAT);
    return new Achievement(
        root,
        fields.getOrDefault("changeSource", ""),
        counts,
        heat == null ? null : new Heat(heat));
  }
}
