package snapferry.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import snapferry.failure.Failure;
import snapferry.lvm.SnapshotSettings;

/** Snapshots of the source and of the standby. An end on another host is told. */
final class SnapshotOptions {
  private static final SnapshotSettings DEFAULT = SnapshotSettings.DEFAULT;

  @Option(
      names = ServeArguments.SNAPSHOT,
      paramLabel = "auto|lvm|reflink|none",
      defaultValue = "auto",
      description =
          "What to read: a snapshot of a logical volume (lvm), a clone of a file (reflink), the"
              + " source as it is (none), or the best that can be had. Default: ${DEFAULT-VALUE}.")
  private String mode = "";

  @Option(
      names = ServeArguments.SNAPSHOT_SIZE,
      paramLabel = "SIZE",
      description =
          "Room in a classic LVM snapshot for what is overwritten meanwhile: MiB, or with a suffix"
              + " K, M or G. Default: a fifth of the volume, as far as its group has that much.")
  private @Nullable String size;

  @Option(
      names = ServeArguments.PRE,
      paramLabel = "COMMAND",
      description = "Line for sh to run before the snapshot is taken, as in 'fsfreeze -f /srv'.")
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
      defaultValue = "60",
      description =
          "How long --pre, the taking of the snapshot and --post may take, each. Default:"
              + " ${DEFAULT-VALUE}.")
  private String hookSeconds = "";

  @Option(
      names = ServeArguments.CHANGES,
      paramLabel = "auto|scan|cow|thin",
      defaultValue = "auto",
      description =
          "How to find what changed: by reading everything (scan), by a classic LVM snapshot that is"
              + " kept from one epoch to the next (cow), by two thin snapshots of which one is kept"
              + " (thin); auto is thin for a thin volume, else scan. Default: ${DEFAULT-VALUE}.")
  private String changes = "";

  @Option(
      names = ServeArguments.KEEP_BASE,
      paramLabel = "COUNT[,DAYS]",
      defaultValue = "4,14",
      description =
          "Most snapshots of a volume that are kept for that, for all its standbys, and for how"
              + " long. Default: ${DEFAULT-VALUE}.")
  private String keep = "";

  @Option(
      names = ServeArguments.STANDBY_SNAPSHOT,
      paramLabel = "keep=N",
      description =
          "Take an LVM snapshot of the standby, a logical volume, after each epoch; keep N of them.")
  private @Nullable String standbySnapshots;

  /** How many snapshots of the standby to keep; 0 to take none. */
  int standbySnapshots() throws Failure {
    return standbySnapshots == null ? 0 : OptionValue.standbySnapshots(standbySnapshots);
  }

  SnapshotSettings settings() throws Failure {
    return new SnapshotSettings(
        OptionValue.snapshotMode(mode),
        size == null ? 0 : OptionValue.snapshotSize(size),
        pre,
        post,
        OptionValue.hookTimeout(hookSeconds),
        OptionValue.changes(changes),
        OptionValue.keepBase(keep));
  }

  /** Arguments that tell {@code serve} what to do with the standby. */
  List<String> forServedStandby() throws Failure {
    int snapshots = standbySnapshots();
    return snapshots == 0
        ? List.of()
        : List.of(ServeArguments.STANDBY_SNAPSHOT, "keep=" + snapshots);
  }

  /** Arguments that tell {@code serve} what differs from the default for the source. */
  List<String> forServedSource() throws Failure {
    SnapshotSettings settings = settings();
    List<String> words = new ArrayList<>();
    add(words, ServeArguments.SNAPSHOT, settings.mode() == DEFAULT.mode() ? null : mode);
    add(words, ServeArguments.SNAPSHOT_SIZE, size);
    add(words, ServeArguments.PRE, pre);
    add(words, ServeArguments.POST, post);
    add(
        words,
        ServeArguments.HOOK_TIMEOUT,
        settings.hookSeconds() == DEFAULT.hookSeconds() ? null : hookSeconds);
    add(words, ServeArguments.CHANGES, settings.changes() == DEFAULT.changes() ? null : changes);
    add(words, ServeArguments.KEEP_BASE, settings.keep().equals(DEFAULT.keep()) ? null : keep);
    return words;
  }

  private static void add(List<String> words, String option, @Nullable String value) {
    if (value != null) {
      words.addAll(List.of(option, value));
    }
  }
}
