package snapferry.device;

import java.util.random.RandomGenerator;

/**
 * One counted operation on a {@link HostileDisk}: what it does, and what it may have done when it
 * fails.
 *
 * @param takesSpace whether a full disk refuses it
 * @param syncs whether an fsync is part of it, which can fail
 * @param writes whether anything but an fsync is part of it, which can fail
 * @param whole all of it
 * @param failed what is left behind by a failed write
 * @param unsynced what is left behind by a failed sync
 */
record HostileOperation(
    boolean takesSpace,
    boolean syncs,
    boolean writes,
    Runnable whole,
    Effect failed,
    Effect unsynced) {

  /** What an operation that failed has done nevertheless. */
  interface Effect {
    Effect NONE = random -> {};

    void apply(RandomGenerator random);
  }

  /** Changes bytes or names in the page cache. */
  static HostileOperation write(boolean takesSpace, Runnable whole, Effect failed) {
    return new HostileOperation(takesSpace, false, true, whole, failed, Effect.NONE);
  }

  /** Makes what was changed durable. */
  static HostileOperation sync(Runnable whole, Effect unsynced) {
    return new HostileOperation(false, true, false, whole, Effect.NONE, unsynced);
  }

  /** Changes a name and makes that durable. */
  static HostileOperation rename(boolean takesSpace, Runnable whole, Effect unsynced) {
    return new HostileOperation(takesSpace, true, true, whole, Effect.NONE, unsynced);
  }
}
