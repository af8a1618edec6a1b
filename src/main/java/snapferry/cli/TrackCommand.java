package snapferry.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import snapferry.config.Configuration;
import snapferry.config.Key;
import snapferry.config.Settings;
import snapferry.config.Volume;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.track.Tracker;
import snapferry.wire.VolumeName;

/** {@code track}: shows volumes in a mount and notes what is written to them. */
final class TrackCommand extends Command {
  private static final String USUAL_NAME = "vol0";

  private final Interruption interruption;

  private final OutputOptions output = with(new OutputOptions());
  private final StateOptions state = with(new StateOptions());
  private final ConfigurationOptions configuration = with(new ConfigurationOptions());
  private final MountOptions mount = with(new MountOptions());

  private final Option name =
      with(
          Option.of(
              "--name", "NAME", "What the file of VOLUME is called in MOUNTPOINT. Default: vol0."));

  private final Option region =
      with(
          Option.of(
              "--region",
              "SIZE",
              "Size of a region of VOLUME, of which one bit is known: a power of two from 4K to 1M."
                  + " Another than before begins with a new map. Default: the one it had, else 64K."));

  private final Flag readOnly = with(new Flag("--read-only", "Let nobody write to VOLUME."));

  private final Operand volume = with(Operand.optionalPath(0, "VOLUME", "Device or file."));

  private final Operand mountpoint =
      with(Operand.optionalPath(1, "MOUNTPOINT", "An empty directory."));

  private TrackCommand(Interruption interruption) {
    super(
        "track",
        "Show VOLUME, a device or file, as a file in MOUNTPOINT, and note which regions of it are"
            + " written to: push and pull then read only those. Runs until it is ended (SIGTERM) or"
            + " the mount is unmounted.",
        "Without VOLUME, show all volumes of the configuration that have 'track = true'.",
        "All that is written to a volume has to go through the mount: a device is held exclusively.");
    this.interruption = interruption;
  }

  /** The command with those that look at trackers. */
  static TrackCommand withSubcommands(Interruption interruption) {
    TrackCommand track = new TrackCommand(interruption);
    track.add(new TrackerCommands.List(interruption));
    track.add(new TrackerCommands.Status(interruption));
    track.add(new TrackerCommands.Rotate(interruption));
    return track;
  }

  @Override
  public Integer call() {
    return volume.text() == null
        ? configuration.run(this::configured, output, interruption)
        : Run.of(this::single, output, interruption);
  }

  private Task single() throws Failure {
    if (volume.text() == null || mountpoint.text() == null) {
      throw new Failure(ExitCode.USAGE, "track needs VOLUME and MOUNTPOINT");
    }
    String shown = name.text() == null ? USUAL_NAME : name.text();
    if (!VolumeName.isValid(shown)) {
      throw new Failure(
          ExitCode.USAGE, "--name takes 1 to 128 of [A-Za-z0-9._-], not '" + shown + "'");
    }
    Path where = real(Path.of(mountpoint.value()));
    return new Track(
        List.of(
            settings(
                Path.of(volume.value()),
                state.root(),
                where,
                shown,
                region.text(),
                readOnly.isGiven())),
        mount.settings(where, readOnly.isGiven()),
        interruption);
  }

  /** All tracked volumes in one mount, each called as in the configuration. */
  private Task configured(Configuration asked) throws Failure {
    if (name.text() != null || region.text() != null || readOnly.isGiven()) {
      throw new Failure(
          ExitCode.USAGE,
          "--name, --region and --read-only say something of a VOLUME, and none is given");
    }
    Settings top = asked.settings();
    List<Volume> tracked = asked.volumes().stream().filter(Volume::isTracked).toList();
    String point = top.text(Key.TRACK_MOUNTPOINT);
    if (tracked.isEmpty() || point == null) {
      throw new Failure(
          ExitCode.USAGE,
          "no volume of the configuration has track = true, and no VOLUME is given");
    }
    Path where = real(Path.of(point));
    List<Tracker.Settings> volumes = new ArrayList<>();
    for (Volume each : tracked) {
      Settings own = each.settings();
      volumes.add(
          settings(
              Path.of(String.valueOf(own.text(Key.SOURCE))),
              state.root(top.text(Key.STATE_DIR)),
              where,
              each.name(),
              own.text(Key.TRACK_REGION),
              own.isTrue(Key.TRACK_READ_ONLY)));
    }
    mount.add(top);
    return new Track(
        volumes,
        mount.settings(where, volumes.stream().allMatch(Tracker.Settings::readOnly)),
        interruption);
  }

  private static Tracker.Settings settings(
      Path source,
      Path stateRoot,
      Path where,
      String shown,
      @Nullable String regions,
      boolean refusesWrites)
      throws Failure {
    return new Tracker.Settings(
        source,
        stateRoot,
        where,
        shown,
        regions == null ? null : OptionValue.region(regions),
        refusesWrites);
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
