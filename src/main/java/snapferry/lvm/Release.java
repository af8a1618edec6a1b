package snapferry.lvm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import snapferry.replicate.StandbyEpoch;

/**
 * What is let go of the snapshots that are kept of a volume, when a standby needs but one of them.
 * A snapshot stays for as long as another standby may hold what it shows.
 *
 * @param untagged snapshots that stay for others, with the tags that say they are kept for this one
 * @param removed snapshots that nobody needs any more
 */
record Release(Map<LogicalVolume, List<String>> untagged, List<LogicalVolume> removed) {
  Release {
    untagged = Map.copyOf(untagged);
    removed = List.copyOf(removed);
  }

  /**
   * All that is kept for a standby, but for what shows {@code needed}.
   *
   * @param needed what the standby holds, or may hold
   * @param kept all that is kept of its volume
   */
  static Release allBut(StandbyEpoch needed, List<LogicalVolume> kept) {
    Map<LogicalVolume, List<String>> untagged = new LinkedHashMap<>();
    List<LogicalVolume> removed = new ArrayList<>();
    for (LogicalVolume snapshot : kept) {
      List<SnapshotTags.Keeping> staying = new ArrayList<>(SnapshotTags.keepings(snapshot));
      List<String> tags = new ArrayList<>();
      for (SnapshotTags.Keeping keeping : List.copyOf(staying)) {
        if (keeping.isFor(needed.standby()) && !keeping.shows(needed)) {
          staying.remove(keeping);
          tags.addAll(keeping.tags());
        }
      }
      if (!tags.isEmpty() && staying.isEmpty()) {
        removed.add(snapshot);
      } else if (!tags.isEmpty()) {
        untagged.put(snapshot, tags);
      }
    }
    return new Release(untagged, removed);
  }
}
