package snapferry.patrol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * When something was, by a counter that nobody can set and by a clock that anybody can.
 *
 * @param boot which start of the machine the counter belongs to (/proc/sys/kernel/random/boot_id)
 * @param uptime milliseconds since then, those of a suspended machine included (/proc/uptime)
 * @param clock milliseconds since 1970 by the wall clock
 */
public record Moment(UUID boot, long uptime, long clock) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path UPTIME = Path.of("/proc/uptime");
  private static final double MILLIS = 1000;

  public Moment {
    if (uptime < 0 || clock < 0) {
      throw new IllegalArgumentException("a moment before all time");
    }
  }

  /** Now. */
  public static Moment now() throws IOException {
    String seconds = Files.readString(UPTIME).split(" ", 2)[0];
    return new Moment(
        UUID.fromString(Files.readString(BOOT).strip()),
        (long) (Double.parseDouble(seconds) * MILLIS),
        Math.max(0, System.currentTimeMillis()));
  }

  /**
   * Milliseconds since {@code earlier}: by the counter as long as the machine ran on. After a start
   * of it only the clock can tell, which may have been set; then it is at least the time since that
   * start.
   */
  public long since(Moment earlier) {
    return boot.equals(earlier.boot) && uptime >= earlier.uptime
        ? uptime - earlier.uptime
        : Math.max(uptime, clock - earlier.clock);
  }
}
