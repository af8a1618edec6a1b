package snapferry.track;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import snapferry.failure.Failure;

/** How a tracker stands, as {@code key: value} lines. */
final class TrackerReport {
  private final TrackerDescription description;
  private final TrackedVolume volume;
  private final DirtyMap map;

  TrackerReport(TrackerDescription description, TrackedVolume volume, DirtyMap map) {
    this.description = description;
    this.volume = volume;
    this.map = map;
  }

  List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>(description.lines());
    lines.add("process: " + ProcessHandle.current().pid());
    lines.add("size: " + volume.size());
    lines.add("region: " + map.regions().blockSize().bytes());
    lines.add("map: " + condition());
    lines.add("generation: " + map.generation());
    lines.add("written: " + map.marked() * map.regions().blockSize().bytes());
    @Nullable FrozenVolume frozen = volume.frozen();
    lines.add("snapshot: " + (frozen == null ? "none" : condition(frozen)));
    for (Base base : map.bases().all()) {
      long[] changed = new long[1];
      map.changesSince(base.generation(), extent -> changed[0] += extent.length());
      lines.add(
          new Backlog(base.epoch().standby(), base.epoch().epoch(), base.generation(), changed[0])
              .line());
    }
    return lines;
  }

  private String condition() {
    try {
      map.requireAlive();
      return map.origin();
    } catch (IOException e) {
      return "failed: " + e.getMessage();
    }
  }

  private static String condition(FrozenVolume frozen) {
    try {
      frozen.requireWhole();
      return frozen.used() + " bytes preserved";
    } catch (Failure e) {
      return "lost";
    }
  }
}
