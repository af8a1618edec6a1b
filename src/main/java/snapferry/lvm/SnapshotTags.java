package snapferry.lvm;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.replicate.StandbyEpoch;

/**
 * How our snapshots are known among all volumes: by tags, which LVM keeps with them.
 *
 * <pre>
 * snapferry                    it is one of ours
 * snapferry.run=UUID           the run that took it
 *
 * snapferry.standby=UUID       kept, since that standby may hold what it shows:
 * snapferry.epoch=NUMBER       as this epoch of the volume
 * snapferry.root=HEX           with this root hash
 * snapferry.time=SECONDS       when it was kept, since 1970
 * </pre>
 */
final class SnapshotTags {
  static final String OURS = "snapferry";
  private static final String RUN = "snapferry.run";
  private static final String STANDBY = "snapferry.standby";
  private static final String EPOCH = "snapferry.epoch";
  private static final String ROOT = "snapferry.root";
  private static final String TIME = "snapferry.time";

  private static final int NAME_DIGITS = 13;

  private SnapshotTags() {}

  /** The tags of a snapshot that {@code run} takes. */
  static List<String> of(UUID run) {
    return List.of(OURS, RUN + "=" + run);
  }

  /** A name for a snapshot that {@code run} takes; it says to people whose it is. */
  static String name(UUID run) {
    return "snapferry_" + run.toString().substring(0, NAME_DIGITS);
  }

  /** The tags of a snapshot that is kept for what a standby may hold. */
  static List<String> of(StandbyEpoch epoch, long seconds) {
    return List.of(
        STANDBY + "=" + epoch.standby(),
        EPOCH + "=" + epoch.epoch(),
        ROOT + "=" + epoch.root(),
        TIME + "=" + seconds);
  }

  /** Whether it is kept for what a standby may hold. */
  static boolean isKept(LogicalVolume volume) {
    return volume.tag(STANDBY) != null;
  }

  /** Whether it is kept for {@code standby}. */
  static boolean isKeptFor(LogicalVolume volume, UUID standby) {
    return standby.toString().equals(volume.tag(STANDBY));
  }

  /** Whether it shows just what a standby holds. */
  static boolean shows(LogicalVolume volume, StandbyEpoch epoch) {
    return isKeptFor(volume, epoch.standby())
        && Long.toString(epoch.epoch()).equals(volume.tag(EPOCH))
        && epoch.root().toString().equals(volume.tag(ROOT));
  }

  /** When it was kept, in seconds since 1970; 0 if that cannot be told. */
  static long keptAt(LogicalVolume volume) {
    String seconds = Objects.requireNonNullElse(volume.tag(TIME), "");
    return seconds.matches("\\d{1,12}") ? Long.parseLong(seconds) : 0;
  }

  /**
   * The run that took a snapshot; null if it is none of ours, or not any more: who renames one
   * wants to have it, and who merges one gets its tags with it.
   */
  static @Nullable UUID run(LogicalVolume volume) {
    @Nullable String text = volume.tag(RUN);
    try {
      @Nullable UUID run =
          text == null || !volume.tags().contains(OURS) ? null : UUID.fromString(text);
      return run == null || !volume.name().equals(name(run)) ? null : run;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
