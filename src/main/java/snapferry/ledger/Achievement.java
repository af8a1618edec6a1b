package snapferry.ledger;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import snapferry.replicate.Heat;
import snapferry.replicate.Summary;

/**
 * What a run did that went well.
 *
 * @param root root hash of the epoch, 64 hex digits
 * @param changeSource what narrowed the reading
 * @param counts its numbers, none of them negative; not all of them, if nobody patrolled or looked,
 *     or another version wrote them
 * @param heat where the volume changed; null if another version wrote it
 */
public record Achievement(
    String root, String changeSource, Map<Count, Long> counts, @Nullable Heat heat) {
  public Achievement {
    Map<Count, Long> copy = new EnumMap<>(Count.class);
    copy.putAll(counts);
    counts = Collections.unmodifiableMap(copy);
  }

  /** One of its numbers; 0 if it is not on record. */
  public long count(Count count) {
    return counts.getOrDefault(count, 0L);
  }

  /** The same, and a number that only whoever looked at the standby knows. */
  public Achievement with(Count count, long number) {
    Map<Count, Long> more = new EnumMap<>(Count.class);
    more.putAll(counts);
    more.put(count, number);
    return new Achievement(root, changeSource, more, heat);
  }

  /** What {@code summary} says. */
  public static Achievement of(Summary summary) {
    Map<Count, Long> counts = new EnumMap<>(Count.class);
    for (Count count : Count.values()) {
      Long number = count.of(summary);
      if (number != null) {
        counts.put(count, number);
      }
    }
    return new Achievement(
        summary.root().toString(), summary.changeSource(), counts, summary.heat());
  }
}
