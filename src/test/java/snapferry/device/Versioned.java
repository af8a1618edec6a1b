package snapferry.device;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A value on a disk: what readers see now, what a power cut cannot take, and what was there in
 * between since the last sync, any of which the disk may have written on its own.
 */
final class Versioned<T> {
  /** Decides what survives a power cut. */
  interface Survival {
    /** From 0 (only what was synced) to {@code unsynced} (the newest of as many versions since). */
    int pick(int unsynced);
  }

  private T live;
  private T durable;
  private final List<T> unsynced = new ArrayList<>();

  Versioned(T durable) {
    this.live = durable;
    this.durable = durable;
  }

  T live() {
    return live;
  }

  void set(T value) {
    live = value;
    unsynced.add(value);
  }

  void sync() {
    if (!unsynced.isEmpty()) {
      durable = live;
      unsynced.clear();
    }
  }

  /**
   * As Linux does it: the page becomes clean, whether or not it reached the disk. Readers go on
   * seeing it, and no later sync writes it again.
   */
  void failSync(RandomGenerator random) {
    if (random.nextBoolean()) {
      sync();
    }
    unsynced.clear();
  }

  T surviving(Survival survival) {
    int version = survival.pick(unsynced.size());
    return version == 0 ? durable : unsynced.get(version - 1);
  }
}
