package snapferry.cli;

import java.nio.file.Path;
import snapferry.config.Key;
import snapferry.config.Settings;
import snapferry.failure.Failure;
import snapferry.fuse.KernelCache;
import snapferry.fuse.MountSettings;

/** How volumes are shown in a mount. */
final class MountOptions extends OptionGroup {
  private static final int THREADS = 8;

  private final Flag allowOther =
      with(
          new Flag(
              "--allow-other",
              "Let other users look into the mount, as far as --owner and --mode let them."));

  private final Option owner =
      with(Option.of("--owner", "UID[:GID]", "Whom the files belong to. Default: who runs this."));

  private final Option mode =
      with(Option.of("--mode", "MODE", "Permission bits of the files, in octal. Default: 600."));

  private final Option cache =
      with(
          Option.of(
              "--cache",
              "direct|writeback",
              "What the kernel keeps of the files: nothing, or also what was written and comes here"
                  + " later, joined. Default: direct."));

  private final Option threads =
      with(
          Option.of(
              "--threads", "N", "How many requests are worked on at the same time. Default: 8."));

  /** Does what a configuration says, where nothing was typed. */
  void add(Settings configured) {
    allowOther.configure(configured.isTrue(Key.TRACK_ALLOW_OTHER));
    owner.configure(configured.text(Key.TRACK_OWNER));
    mode.configure(configured.text(Key.TRACK_MODE));
    cache.configure(configured.text(Key.TRACK_CACHE));
    threads.configure(configured.text(Key.TRACK_THREADS));
  }

  /** The settings of a mount at {@code mountpoint}. */
  MountSettings settings(Path mountpoint, boolean readOnly) throws Failure {
    MountOwner files = MountOwner.of(owner.text());
    return new MountSettings(
        mountpoint,
        allowOther.isGiven(),
        readOnly,
        files.user(),
        files.group(),
        OptionValue.mode(mode.text() == null ? "600" : mode.text()),
        cache.text() == null ? KernelCache.DIRECT : OptionValue.kernelCache(cache.text()),
        threads.text() == null ? THREADS : OptionValue.threads(threads.text()),
        StateRoot.runtime(MountOwner.of(null).isRoot()));
  }
}
