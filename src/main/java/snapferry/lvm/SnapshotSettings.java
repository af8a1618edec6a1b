package snapferry.lvm;

import org.jspecify.annotations.Nullable;

/**
 * How to take a snapshot.
 *
 * @param mode what to take
 * @param cowSize bytes of a classic snapshot for what is overwritten meanwhile; 0 to compute it
 * @param pre a line for the shell to run before; null for none
 * @param post a line for the shell to run as soon as it is taken, or cannot be; null for none
 * @param hookSeconds how long each of the two may take
 * @param changes how to find out what changed
 * @param keep how many snapshots may be kept for that
 */
public record SnapshotSettings(
    SnapshotMode mode,
    long cowSize,
    @Nullable String pre,
    @Nullable String post,
    int hookSeconds,
    ChangesMode changes,
    KeepLimit keep) {
  /** A snapshot where one can be taken, and no hooks. */
  public static final SnapshotSettings DEFAULT =
      new SnapshotSettings(
          SnapshotMode.AUTO, 0, null, null, 60, ChangesMode.AUTO, KeepLimit.DEFAULT);

  /** The same, of another kind. */
  public SnapshotSettings withMode(SnapshotMode other) {
    return new SnapshotSettings(other, cowSize, pre, post, hookSeconds, changes, keep);
  }

  /** The same with so much room. */
  public SnapshotSettings withCowSize(long bytes) {
    return new SnapshotSettings(mode, bytes, pre, post, hookSeconds, changes, keep);
  }

  /** The same with this first hook. */
  public SnapshotSettings withPre(@Nullable String line) {
    return new SnapshotSettings(mode, cowSize, line, post, hookSeconds, changes, keep);
  }

  /** The same with this second hook. */
  public SnapshotSettings withPost(@Nullable String line) {
    return new SnapshotSettings(mode, cowSize, pre, line, hookSeconds, changes, keep);
  }

  /** The same with another limit for the hooks. */
  public SnapshotSettings withHookSeconds(int seconds) {
    return new SnapshotSettings(mode, cowSize, pre, post, seconds, changes, keep);
  }

  /** The same with another way to find changes. */
  public SnapshotSettings withChanges(ChangesMode other) {
    return new SnapshotSettings(mode, cowSize, pre, post, hookSeconds, other, keep);
  }

  /** The same with another limit of what is kept. */
  public SnapshotSettings withKeep(KeepLimit limit) {
    return new SnapshotSettings(mode, cowSize, pre, post, hookSeconds, changes, limit);
  }

  /** Whether there is anything to run around the taking of a snapshot. */
  public boolean hasHooks() {
    return pre != null || post != null;
  }
}
