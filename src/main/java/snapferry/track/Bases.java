package snapferry.track;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import snapferry.replicate.StandbyEpoch;

/**
 * What the standbys of a volume hold, as far as the dirty map can say what changed since. A value.
 *
 * <pre>
 *  run of epoch 8      7 is known
 *    END               7 and 8 are known: the standby may hold either
 *    ACK               8 is known
 * </pre>
 *
 * @param all in no order that matters; of a standby at most two
 */
record Bases(List<Base> all) {
  /** As many as a header has room for: the oldest has to go when there is one more. */
  static final int MAX = 48;

  static final Bases NONE = new Bases(List.of());

  Bases {
    all = List.copyOf(all);
    if (all.size() > MAX) {
      throw new IllegalArgumentException(all.size() + " bases");
    }
  }

  /** The generation from which on writes are missing in {@code epoch}; empty if nobody knows. */
  OptionalLong generationOf(StandbyEpoch epoch) {
    return all.stream()
        .filter(base -> base.epoch().equals(epoch))
        .mapToLong(Base::generation)
        .findFirst();
  }

  /**
   * The standby of {@code next}, which began at {@code generation}, may hold it or still {@code
   * basis}.
   */
  Bases keeping(StandbyEpoch basis, StandbyEpoch next, long generation) {
    List<Base> kept = new ArrayList<>(all);
    kept.removeIf(base -> isOf(base, next.standby()) && !base.epoch().equals(basis));
    while (kept.size() >= MAX) {
      kept.remove(kept.stream().min(Comparator.comparingLong(Base::generation)).orElseThrow());
    }
    kept.add(new Base(next, generation));
    return new Bases(kept);
  }

  /** The standby holds {@code now} and nothing else. */
  Bases acknowledged(StandbyEpoch now) {
    return new Bases(
        all.stream()
            .filter(base -> !isOf(base, now.standby()) || base.epoch().equals(now))
            .toList());
  }

  private static boolean isOf(Base base, UUID standby) {
    return base.epoch().standby().equals(standby);
  }
}
