package snapferry.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.fuse.KernelCache;
import snapferry.fuse.MountSettings;
import snapferry.track.Tracker;
import snapferry.wire.VolumeName;

/** {@code track}: shows a volume in a mount and notes what is written to it. */
@Command(
    name = "track",
    description = {
      "Show VOLUME, a device or file, as a file in MOUNTPOINT, and note which regions of it are"
          + " written to: push and pull then read only those. Runs until it is ended (SIGTERM) or the"
          + " mount is unmounted.",
      "All that is written to VOLUME has to go through the mount: a device is held exclusively."
    })
final class TrackCommand implements Callable<Integer> {
  private final Interruption interruption;

  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final StateOptions state = new StateOptions();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What the file is called in MOUNTPOINT. Default: vol0.")
  private String name = "vol0";

  @Option(
      names = "--region",
      paramLabel = "SIZE",
      description =
          "Size of a region, of which one bit is known: a power of two from 4K to 1M. Another than"
              + " before begins with a new map. Default: the one it had, else 64K.")
  private @Nullable String region;

  @Option(
      names = "--allow-other",
      description = "Let other users look into the mount, as far as --owner and --mode let them.")
  private boolean allowOther;

  @Option(names = "--read-only", description = "Let nobody write.")
  private boolean readOnly;

  @Option(
      names = "--owner",
      paramLabel = "UID[:GID]",
      description = "Whom the file belongs to. Default: who runs this.")
  private @Nullable String owner;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description = "Permission bits of the file, in octal. Default: 600.")
  private String mode = "600";

  @Option(
      names = "--cache",
      paramLabel = "direct|writeback",
      description =
          "What the kernel keeps of the file: nothing, or also what was written and comes here"
              + " later, joined. Default: direct.")
  private @Nullable String cache;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many requests are worked on at the same time. Default: 8.")
  private int threads = 8;

  // Optional as far as picocli is concerned, which would miss them before a subcommand too.
  @Parameters(index = "0", arity = "0..1", paramLabel = "VOLUME", description = "Device or file.")
  private @Nullable Path volume;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "MOUNTPOINT",
      description = "An empty directory.")
  private @Nullable Path mountpoint;

  private TrackCommand(Interruption interruption) {
    this.interruption = interruption;
  }

  /** The command with those that look at trackers. */
  static CommandLine withSubcommands(Interruption interruption) {
    return new CommandLine(new TrackCommand(interruption))
        .addSubcommand(new TrackerCommands.List(interruption))
        .addSubcommand(new TrackerCommands.Status(interruption))
        .addSubcommand(new TrackerCommands.Rotate(interruption));
  }

  @Override
  public Integer call() {
    return Run.of(this::task, output, interruption);
  }

  private Task task() throws Failure {
    if (volume == null || mountpoint == null) {
      throw new Failure(ExitCode.USAGE, "track needs VOLUME and MOUNTPOINT");
    }
    if (!VolumeName.isValid(name)) {
      throw new Failure(
          ExitCode.USAGE, "--name takes 1 to 128 of [A-Za-z0-9._-], not '" + name + "'");
    }
    if (threads < 1 || threads > MountSettings.MAX_THREADS) {
      throw new Failure(
          ExitCode.USAGE, "--threads takes a number from 1 to " + MountSettings.MAX_THREADS);
    }
    Path where = real(mountpoint);
    MountOwner self = MountOwner.of(null);
    MountOwner files = MountOwner.of(owner);
    MountSettings mount =
        new MountSettings(
            where,
            allowOther,
            readOnly,
            files.user(),
            files.group(),
            OptionValue.mode(mode),
            cache == null ? KernelCache.DIRECT : OptionValue.kernelCache(cache),
            threads,
            StateRoot.runtime(self.isRoot()));
    Tracker.Settings settings =
        new Tracker.Settings(
            volume,
            state.root(),
            where,
            name,
            region == null ? null : OptionValue.region(region),
            readOnly);
    return new Track(settings, mount, interruption);
  }

  /**
   * Without looking into the directory itself: a mount that nobody serves any more may be there.
   */
  private static Path real(Path mountpoint) throws Failure {
    Path absolute = mountpoint.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new Failure(ExitCode.USAGE, mountpoint + " cannot be mounted on");
    }
    try {
      return parent.toRealPath().resolve(absolute.getFileName());
    } catch (IOException e) {
      throw new Failure(ExitCode.USAGE, mountpoint + " is no directory", e);
    }
  }
}
