package snapferry.cli;

import snapferry.failure.Failure;
import snapferry.lvm.SnapshotSettings;

/**
 * Snapshots of the source, and what is kept of the standby's past. An end on another host is told.
 */
final class SnapshotOptions extends OptionGroup {
  private final Option mode =
      with(
          Option.of(
              ServeArguments.SNAPSHOT,
              "auto|lvm|reflink|tracker|none",
              "What to read: a snapshot of a logical volume (lvm), a clone of a file (reflink), what"
                  + " the source's tracker keeps (tracker), the source as it is (none), or the best that can be had. Default: auto."));

  private final Option size =
      with(
          Option.of(
              ServeArguments.SNAPSHOT_SIZE,
              "SIZE",
              "Room in a classic LVM snapshot, or in a tracker's, for what is overwritten meanwhile: MiB,"
                  + " or with a suffix K, M or G. Default: a fifth of the volume, as far as its group has"
                  + " that much; half of what the tracker's state directory has free."));

  private final Option pre =
      with(
          Option.of(
              ServeArguments.PRE,
              "COMMAND",
              "Line for sh to run before the snapshot is taken, as in 'psql -c checkpoint'."));

  private final Option post =
      with(
          Option.of(
              ServeArguments.POST,
              "COMMAND",
              "Line for sh to run as soon as the snapshot is taken or cannot be, and whatever happens"
                  + " to this run."));

  private final Option hookSeconds =
      with(
          Option.of(
              ServeArguments.HOOK_TIMEOUT,
              "SECONDS",
              "How long --pre, the taking of the snapshot and --post may take, each. Default:"
                  + " 60."));

  private final Option changes =
      with(
          Option.of(
              ServeArguments.CHANGES,
              "auto|scan|cow|thin|fuse",
              "How to find what changed: by reading everything (scan), by a classic LVM snapshot that is"
                  + " kept from one epoch to the next (cow), by two thin snapshots of which one is kept"
                  + " (thin), by the marks of a tracker through which all writes go (fuse); auto is fuse"
                  + " where a tracker runs, thin for a thin volume, else scan. Default: auto."));

  private final Option keep =
      with(
          Option.of(
              ServeArguments.KEEP_BASE,
              "COUNT[,DAYS]",
              "Most snapshots of a volume that are kept for that, for all its standbys, and for how"
                  + " long. Default: 4,14."));

  private final Option standbySnapshots =
      with(
          Option.of(
              ServeArguments.STANDBY_SNAPSHOT,
              "keep=N",
              "Take an LVM snapshot of the standby, a logical volume, after each epoch; keep N of them."));

  private final Option epochs =
      with(
          Option.of(
              ServeArguments.KEEP,
              "N",
              "Keep what it takes to roll the standby back, for its last N epochs, in its state"
                  + " directory; 0 for none. Default: as many as the run before, at first none."));

  /** What to keep of the standby's past. */
  Keeping keeping() throws Failure {
    return new Keeping(
        standbySnapshots.text() == null ? 0 : OptionValue.standbySnapshots(standbySnapshots.text()),
        epochs.text() == null ? null : OptionValue.keep(epochs.text()));
  }

  /** How to take a snapshot of a source that is read here. */
  SnapshotSettings settings() throws Failure {
    SnapshotSettings settings = SnapshotSettings.DEFAULT.withPre(pre.text()).withPost(post.text());
    if (mode.text() != null) {
      settings = settings.withMode(OptionValue.snapshotMode(mode.text()));
    }
    if (size.text() != null) {
      settings = settings.withCowSize(OptionValue.snapshotSize(size.text()));
    }
    if (hookSeconds.text() != null) {
      settings = settings.withHookSeconds(OptionValue.hookTimeout(hookSeconds.text()));
    }
    if (changes.text() != null) {
      settings = settings.withChanges(OptionValue.changes(changes.text()));
    }
    if (keep.text() != null) {
      settings = settings.withKeep(OptionValue.keepBase(keep.text()));
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
    words
        .add(ServeArguments.STANDBY_SNAPSHOT, standbySnapshots.text())
        .add(ServeArguments.KEEP, epochs.text());
  }

  /** Tells a far end that serves the source. */
  void tellSource(ServeWords words) throws Failure {
    settings(); // What is wrong is said here.
    words
        .add(ServeArguments.SNAPSHOT, mode.text())
        .add(ServeArguments.SNAPSHOT_SIZE, size.text())
        .add(ServeArguments.PRE, pre.text())
        .add(ServeArguments.POST, post.text())
        .add(ServeArguments.HOOK_TIMEOUT, hookSeconds.text())
        .add(ServeArguments.CHANGES, changes.text())
        .add(ServeArguments.KEEP_BASE, keep.text());
  }
}
