package snapferry.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.track.TrackedSnapshots;
import snapferry.track.TrackerConnection;
import snapferry.track.TrackerDescription;
import snapferry.track.TrackerPlace;

/** What can be asked of the trackers of a state directory. */
final class Trackers {
  private static final String EVENT = "tracker";
  private static final String STANDBY = "standby";

  private Trackers() {}

  /** All that are or were there. */
  record Listing(Path stateRoot) implements Task {
    @Override
    public ExitCode run(Report report) throws IOException {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("VOLUME", "FILE", "STATE"));
      for (TrackerPlace place : TrackerPlace.all(stateRoot)) {
        TrackerDescription tracked = description(place, report);
        if (tracked != null) {
          rows.add(tell(tracked, isRunning(place), report));
        }
      }
      Status.table(rows).forEach(report::say);
      return ExitCode.DONE;
    }

    private static List<String> tell(TrackerDescription tracked, boolean running, Report report) {
      report.event(
          EVENT,
          event -> {
            event.writeStringField("volume", tracked.volume().toString());
            event.writeStringField("mountpoint", tracked.mountpoint().toString());
            event.writeStringField("file", tracked.file());
            event.writeBooleanField("running", running);
          });
      return List.of(
          tracked.volume().toString(),
          tracked.shownAt().toString(),
          running ? "running" : "not running");
    }
  }

  /** Null, and said, if it cannot be read: that is no reason to hide the others. */
  private static @Nullable TrackerDescription description(TrackerPlace place, Report report)
      throws IOException {
    try {
      return place.description();
    } catch (FormatException e) {
      report.warn("what is or was tracked by one tracker is not known: " + e.getMessage());
      return null;
    }
  }

  private static boolean isRunning(TrackerPlace place) throws IOException {
    try (@Nullable TrackerConnection connection = place.connect()) {
      return connection != null;
    }
  }

  /** How one or all of them stand. */
  record Condition(Path stateRoot, @Nullable Path volume) implements Task {
    @Override
    public ExitCode run(Report report) throws IOException {
      List<TrackerPlace> places =
          volume == null ? TrackerPlace.all(stateRoot) : List.of(place(stateRoot, volume));
      ExitCode exit = ExitCode.DONE;
      for (TrackerPlace place : places) {
        try (@Nullable TrackerConnection connection = place.connect()) {
          if (connection == null) {
            warnThatItDoesNotRun(place, report);
            exit = ExitCode.WARNINGS;
            continue;
          }
          List<String> lines = connection.status();
          lines.forEach(report::say);
          report.event(EVENT, event -> fields(event, lines));
        }
      }
      return exit;
    }

    private void warnThatItDoesNotRun(TrackerPlace place, Report report) throws IOException {
      if (volume != null) {
        report.warn("the tracker of " + volume + " does not run");
        return;
      }
      TrackerDescription tracked = description(place, report);
      if (tracked != null) {
        report.warn("the tracker of " + tracked.volume() + " does not run");
      }
    }

    private static void fields(JsonGenerator event, List<String> lines) throws IOException {
      event.writeBooleanField("running", true);
      for (String line : lines) {
        if (!key(line).equals(STANDBY)) {
          event.writeStringField(key(line), value(line));
        }
      }
      event.writeArrayFieldStart("standbys");
      for (String line : lines) {
        if (key(line).equals(STANDBY)) {
          event.writeString(value(line));
        }
      }
      event.writeEndArray();
    }

    private static String key(String line) {
      return line.substring(0, Math.max(0, line.indexOf(": ")));
    }

    private static String value(String line) {
      return line.substring(line.indexOf(": ") + 2);
    }
  }

  /** Begins a generation. */
  record Rotation(Path stateRoot, Path volume) implements Task {
    @Override
    public ExitCode run(Report report) throws IOException {
      try (@Nullable TrackerConnection connection = place(stateRoot, volume).connect()) {
        if (connection == null) {
          throw new Failure(ExitCode.FAILED, "the tracker of " + volume + " does not run");
        }
        long generation = connection.rotate();
        report.say("generation " + generation);
        report.event(EVENT, event -> event.writeNumberField("generation", generation));
        return ExitCode.DONE;
      }
    }
  }

  private static TrackerPlace place(Path stateRoot, Path volume) throws IOException {
    return TrackerPlace.of(stateRoot, TrackedSnapshots.resolve(volume, stateRoot));
  }
}
