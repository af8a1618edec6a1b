package snapferry.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import snapferry.failure.Failure;
import snapferry.lvm.SnapshotSettings;

/**
 * Snapshots of the source, and what is kept of the standby's past. An end on another host is told.
 */
final class SnapshotOptions {
  @Option(
      names = ServeArguments.SNAPSHOT,
      paramLabel = "auto|lvm|reflink|tracker|none",
      description =
          "What to read: a snapshot of a logical volume (lvm), a clone of a file (reflink), what"
              + " the source's tracker keeps (tracker), the source as it is (none), or the best that can be had. Default: auto.")
  private @Nullable String mode;

  @Option(
      names = ServeArguments.SNAPSHOT_SIZE,
      paramLabel = "SIZE",
      description =
          "Room in a classic LVM snapshot, or in a tracker's, for what is overwritten meanwhile: MiB,"
              + " or with a suffix K, M or G. Default: a fifth of the volume, as far as its group has"
              + " that much; half of what the tracker's state directory has free.")
  private @Nullable String size;

  @Option(
      names = ServeArguments.PRE,
      paramLabel = "COMMAND",
      description = "Line for sh to run before the snapshot is taken, as in 'psql -c checkpoint'.")
  private @Nullable String pre;

  @Option(
      names = ServeArguments.POST,
      paramLabel = "COMMAND",
      description =
          "Line for sh to run as soon as the snapshot is taken or cannot be, and whatever happens"
              + " to this run.")
  private @Nullable String post;

  @Option(
      names = ServeArguments.HOOK_TIMEOUT,
      paramLabel = "SECONDS",
      description =
          "How long --pre, the taking of the snapshot and --post may take, each. Default:" + " 60.")
  private @Nullable String hookSeconds;

  @Option(
      names = ServeArguments.CHANGES,
      paramLabel = "auto|scan|cow|thin|fuse",
      description =
          "How to find what changed: by reading everything (scan), by a classic LVM snapshot that is"
              + " kept from one epoch to the next (cow), by two thin snapshots of which one is kept"
              + " (thin), by the marks of a tracker through which all writes go (fuse); auto is fuse"
              + " where a tracker runs, thin for a thin volume, else scan. Default: auto.")
  private @Nullable String changes;

  @Option(
      names = ServeArguments.KEEP_BASE,
      paramLabel = "COUNT[,DAYS]",
      description =
          "Most snapshots of a volume that are kept for that, for all its standbys, and for how"
              + " long. Default: 4,14.")
  private @Nullable String keep;

  @Option(
      names = ServeArguments.STANDBY_SNAPSHOT,
      paramLabel = "keep=N",
      description =
          "Take an LVM snapshot of the standby, a logical volume, after each epoch; keep N of them.")
  private @Nullable String standbySnapshots;

  @Option(
      names = ServeArguments.KEEP,
      paramLabel = "N",
      description =
          "Keep what it takes to roll the standby back, for its last N epochs, in its state"
              + " directory; 0 for none. Default: as many as the run before, at first none.")
  private @Nullable String epochs;

  /** What to keep of the standby's past. */
  Keeping keeping() throws Failure {
    return new Keeping(
        standbySnapshots == null ? 0 : OptionValue.standbySnapshots(standbySnapshots),
        epochs == null ? null : OptionValue.keep(epochs));
  }

  /** How to take a snapshot of a source that is read here. */
  SnapshotSettings settings() throws Failure {
    SnapshotSettings settings = SnapshotSettings.DEFAULT.withPre(pre).withPost(post);
    if (mode != null) {
      settings = settings.withMode(OptionValue.snapshotMode(mode));
    }
    if (size != null) {
      settings = settings.withCowSize(OptionValue.snapshotSize(size));
    }
    if (hookSeconds != null) {
      settings = settings.withHookSeconds(OptionValue.hookTimeout(hookSeconds));
    }
    if (changes != null) {
      settings = settings.withChanges(OptionValue.changes(changes));
    }
    if (keep != null) {
      settings = settings.withKeep(OptionValue.keepBase(keep));
    }
    return settings;
  }

  /** Refuses values that make no sense. */
  void check() throws Failure {
    settings();
    keeping();
  }

  /** Tells a far end that serves the standby. */
  void tellStandby(ServeWords words) throws Failure {
    keeping(); // What is wrong is said here.
    words.add(ServeArguments.STANDBY_SNAPSHOT, standbySnapshots).add(ServeArguments.KEEP, epochs);
  }

  /** Tells a far end that serves the source. */
  void tellSource(ServeWords words) throws Failure {
    settings(); // What is wrong is said here.
    words
        .add(ServeArguments.SNAPSHOT, mode)
        .add(ServeArguments.SNAPSHOT_SIZE, size)
        .add(ServeArguments.PRE, pre)
        .add(ServeArguments.POST, post)
        .add(ServeArguments.HOOK_TIMEOUT, hookSeconds)
        .add(ServeArguments.CHANGES, changes)
        .add(ServeArguments.KEEP_BASE, keep);
  }
}
