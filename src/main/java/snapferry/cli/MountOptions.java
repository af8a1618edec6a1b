package snapferry.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import snapferry.config.Key;
import snapferry.config.Settings;
import snapferry.failure.Failure;
import snapferry.fuse.KernelCache;
import snapferry.fuse.MountSettings;

/** How volumes are shown in a mount. */
final class MountOptions {
  private static final int THREADS = 8;

  @Option(
      names = "--allow-other",
      description = "Let other users look into the mount, as far as --owner and --mode let them.")
  private boolean allowOther;

  @Option(
      names = "--owner",
      paramLabel = "UID[:GID]",
      description = "Whom the files belong to. Default: who runs this.")
  private @Nullable String owner;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description = "Permission bits of the files, in octal. Default: 600.")
  private @Nullable String mode;

  @Option(
      names = "--cache",
      paramLabel = "direct|writeback",
      description =
          "What the kernel keeps of the files: nothing, or also what was written and comes here"
              + " later, joined. Default: direct.")
  private @Nullable String cache;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many requests are worked on at the same time. Default: 8.")
  private @Nullable String threads;

  /** Does what a configuration says, where nothing was typed. */
  void add(Settings configured) {
    allowOther |= configured.isTrue(Key.TRACK_ALLOW_OTHER);
    owner = owner == null ? configured.text(Key.TRACK_OWNER) : owner;
    mode = mode == null ? configured.text(Key.TRACK_MODE) : mode;
    cache = cache == null ? configured.text(Key.TRACK_CACHE) : cache;
    threads = threads == null ? configured.text(Key.TRACK_THREADS) : threads;
  }

  /** The settings of a mount at {@code mountpoint}. */
  MountSettings settings(Path mountpoint, boolean readOnly) throws Failure {
    MountOwner files = MountOwner.of(owner);
    return new MountSettings(
        mountpoint,
        allowOther,
        readOnly,
        files.user(),
        files.group(),
        OptionValue.mode(mode == null ? "600" : mode),
        cache == null ? KernelCache.DIRECT : OptionValue.kernelCache(cache),
        threads == null ? THREADS : OptionValue.threads(threads),
        StateRoot.runtime(MountOwner.of(null).isRoot()));
  }
}
