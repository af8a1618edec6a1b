package snapferry.track;

import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How far a standby is behind, as a line of a tracker's status says it.
 *
 * @param standby who
 * @param epoch that it holds
 * @param generation in which the snapshot of that epoch was taken
 * @param bytes of the regions that were written to since
 */
record Backlog(UUID standby, long epoch, long generation, long bytes) {
  private static final Pattern LINE =
      Pattern.compile(
          "standby: ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
              + " epoch (\\d{1,18}) generation (\\d{1,18}) changed (\\d{1,18})");

  String line() {
    return "standby: %s epoch %d generation %d changed %d"
        .formatted(standby, epoch, generation, bytes);
  }

  /** Null if the line is about something else. */
  static @Nullable Backlog parse(String line) {
    Matcher matcher = LINE.matcher(line);
    return matcher.matches()
        ? new Backlog(
            UUID.fromString(matcher.group(1)),
            Long.parseLong(matcher.group(2)),
            Long.parseLong(matcher.group(3)),
            Long.parseLong(matcher.group(4)))
        : null;
  }
}
