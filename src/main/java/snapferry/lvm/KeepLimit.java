package snapferry.lvm;

import java.util.Comparator;
import java.util.List;

/**
 * How much is kept of a volume for its standbys: a standby that does not answer must not fill the
 * volume group.
 *
 * @param count most snapshots of a volume that are kept, for all standbys together
 * @param days after how many days one is given up
 */
public record KeepLimit(int count, int days) {
  public static final KeepLimit DEFAULT = new KeepLimit(4, 14);

  private static final long DAY = 24 * 60 * 60;

  /**
   * Which of {@code kept} have to go.
   *
   * @param now seconds since 1970
   */
  List<LogicalVolume> surplus(List<LogicalVolume> kept, long now) {
    List<LogicalVolume> newestFirst =
        kept.stream().sorted(Comparator.comparingLong(SnapshotTags::keptAt).reversed()).toList();
    return newestFirst.stream()
        .filter(
            each ->
                newestFirst.indexOf(each) >= count || SnapshotTags.keptAt(each) < now - days * DAY)
        .toList();
  }
}
