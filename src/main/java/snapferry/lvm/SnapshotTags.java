package snapferry.lvm;

import java.util.ArrayList;
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
 * snapferry.standby=UUID/EPOCH/ROOT/SECONDS
 *                              kept, since that standby may hold what it shows, as this epoch with
 *                              this root hash; when it was kept, since 1970. One for each standby
 * </pre>
 *
 * <p>What was kept before snapshots were shared is for one standby, and says it in four tags,
 * {@code snapferry.standby=UUID}, {@code .epoch=}, {@code .root=} and {@code .time=}.
 */
final class SnapshotTags {
  static final String OURS = "snapferry";
  private static final String RUN = "snapferry.run";
  private static final String STANDBY = "snapferry.standby";
  private static final String EPOCH = "snapferry.epoch";
  private static final String ROOT = "snapferry.root";
  private static final String TIME = "snapferry.time";

  private static final int NAME_DIGITS = 13;
  private static final int WORDS = 4;

  private SnapshotTags() {}

  /** The tags of a snapshot that {@code run} takes. */
  static List<String> of(UUID run) {
    return List.of(OURS, RUN + "=" + run);
  }

  /** A name for a snapshot that {@code run} takes; it says to people whose it is. */
  static String name(UUID run) {
    return "snapferry_" + run.toString().substring(0, NAME_DIGITS);
  }

  /** What a snapshot is tagged with when it is kept for what a standby may hold. */
  static String of(StandbyEpoch epoch, long seconds) {
    return "%s=%s/%d/%s/%d"
        .formatted(STANDBY, epoch.standby(), epoch.epoch(), epoch.root(), seconds);
  }

  /**
   * That a snapshot is kept for a standby.
   *
   * @param standby its UUID
   * @param epoch what it shows, as {@code EPOCH/ROOT}
   * @param seconds when it was kept, since 1970; 0 if that cannot be told
   * @param tags that say so
   */
  record Keeping(String standby, String epoch, long seconds, List<String> tags) {
    Keeping {
      tags = List.copyOf(tags);
    }

    boolean isFor(UUID other) {
      return standby.equals(other.toString());
    }

    boolean shows(StandbyEpoch other) {
      return isFor(other.standby()) && epoch.equals(other.epoch() + "/" + other.root());
    }
  }

  /** For whom a snapshot is kept: none, if it is not. */
  static List<Keeping> keepings(LogicalVolume volume) {
    List<Keeping> keepings = new ArrayList<>();
    for (String tag : volume.tags()) {
      if (tag.startsWith(STANDBY + "=")) {
        String[] words = tag.substring(STANDBY.length() + 1).split("/", -1);
        keepings.add(
            words.length == WORDS
                ? new Keeping(words[0], words[1] + "/" + words[2], seconds(words[3]), List.of(tag))
                : ofOneStandby(volume, tag));
      }
    }
    return keepings;
  }

  private static Keeping ofOneStandby(LogicalVolume volume, String standby) {
    List<String> tags = new ArrayList<>(List.of(standby));
    volume.tags().stream()
        .filter(tag -> tag.matches("snapferry\\.(epoch|root|time)=.*"))
        .forEach(tags::add);
    return new Keeping(
        standby.substring(STANDBY.length() + 1),
        volume.tag(EPOCH) + "/" + volume.tag(ROOT),
        seconds(Objects.requireNonNullElse(volume.tag(TIME), "")),
        tags);
  }

  private static long seconds(String text) {
    return text.matches("\\d{1,12}") ? Long.parseLong(text) : 0;
  }

  /** The tags that say so. */
  static List<String> keepingTags(LogicalVolume volume) {
    return keepings(volume).stream().flatMap(each -> each.tags().stream()).toList();
  }

  /** Whether it is kept for what a standby may hold. */
  static boolean isKept(LogicalVolume volume) {
    return !keepings(volume).isEmpty();
  }

  /** Whether it is kept for {@code standby}. */
  static boolean isKeptFor(LogicalVolume volume, UUID standby) {
    return keepings(volume).stream().anyMatch(each -> each.isFor(standby));
  }

  /** Whether it shows just what a standby holds. */
  static boolean shows(LogicalVolume volume, StandbyEpoch epoch) {
    return keepings(volume).stream().anyMatch(each -> each.shows(epoch));
  }

  /** When it was last kept, in seconds since 1970; 0 if that cannot be told. */
  static long keptAt(LogicalVolume volume) {
    return keepings(volume).stream().mapToLong(Keeping::seconds).max().orElse(0);
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
