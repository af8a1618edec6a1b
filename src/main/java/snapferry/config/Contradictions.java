package snapferry.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import snapferry.ssh.Endpoint;

/** What is right in itself, but not beside what else is said. */
final class Contradictions {
  private static final Set<String> NOT_OF_LVM = Set.of("none", "reflink");
  private static final Set<String> BY_LVM = Set.of("cow", "thin");

  private final List<Problem> problems = new ArrayList<>();
  private final Map<Endpoint, Position> targets = new HashMap<>();
  private final Map<Endpoint, Volume> tracked = new HashMap<>();

  private Contradictions() {}

  /** All of them, in the order of the configuration. */
  static List<Problem> in(Configuration configuration) {
    Contradictions found = new Contradictions();
    found.settings(configuration.settings());
    for (Volume volume : configuration.volumes()) {
      found.tracking(volume, configuration.settings());
      for (Standby standby : volume.standbys()) {
        found.endpoints(volume, standby);
        found.reading(volume, standby);
        found.snapshot(volume, standby);
      }
    }
    return found.problems;
  }

  private void settings(Settings settings) {
    Setting quiet = settings.find(Key.QUIET);
    if (quiet != null && quiet.isTrue() && settings.isTrue(Key.VERBOSE)) {
      add(quiet.at(), "quiet and verbose exclude each other");
    }
  }

  private void add(Position at, String text) {
    Problem problem = new Problem(at, text);
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  private void tracking(Volume volume, Settings process) {
    if (!volume.isTracked()) {
      for (Key key : List.of(Key.TRACK_REGION, Key.TRACK_READ_ONLY)) {
        Setting setting = volume.settings().find(key);
        if (setting != null) {
          add(
              setting.at(),
              key.label() + " is of a volume with track = true, " + volume.name() + " is not");
        }
      }
      return;
    }
    Position at = Objects.requireNonNull(volume.settings().find(Key.TRACK), "track").at();
    if (process.find(Key.TRACK_MOUNTPOINT) == null) {
      add(at, "track needs a track-mountpoint, at the top of the main file");
    }
    if (volume.source() instanceof Endpoint.Remote) {
      add(at, "volume " + volume.name() + " is on another host: it is tracked there");
    }
    Volume other = tracked.putIfAbsent(plain(volume.source()), volume);
    if (other != null) {
      add(at, volume.source() + " is tracked already, as volume " + other.name());
    }
  }

  private void endpoints(Volume volume, Standby standby) {
    Endpoint source = volume.source();
    Endpoint target = plain(standby.target());
    if (source instanceof Endpoint.Remote && target instanceof Endpoint.Remote) {
      add(
          standby.at(),
          "the source of volume %s and its standby %s are both on other hosts: one must be here"
              .formatted(volume.name(), standby.name()));
    }
    if (target.equals(plain(source))) {
      add(standby.at(), "the source of volume " + volume.name() + " is its own standby");
    }
    Position former = targets.putIfAbsent(target, standby.at());
    if (former != null) {
      add(standby.at(), target + " is the target of another standby already, in " + former);
    }
  }

  private void reading(Volume volume, Standby standby) {
    Setting survey = standby.settings().find(Key.CONTINUE_ON_ERROR);
    if (survey != null && survey.isTrue() && volume.source() instanceof Endpoint.Remote) {
      add(
          survey.at(),
          survey.key().label()
              + " is for a source of this host, and that of volume %s is not"
                  .formatted(volume.name()));
    }
  }

  /** The same place under one name. Whether two names lead to one file is not known here. */
  private static Endpoint plain(Endpoint endpoint) {
    return endpoint instanceof Endpoint.Local local
        ? new Endpoint.Local(local.path().normalize())
        : endpoint;
  }

  private void snapshot(Volume volume, Standby standby) {
    Settings settings = standby.settings();
    String kind = settings.text(Key.SNAPSHOT);
    for (Key hook : List.of(Key.PRE, Key.POST)) {
      Setting setting = settings.find(hook);
      if (setting != null && "none".equals(kind)) {
        add(
            setting.at(),
            hook.label()
                + " goes around the taking of a snapshot, and snapshot is none"
                + of(volume, standby));
      }
    }
    @Nullable Setting changes = settings.find(Key.CHANGES);
    if (changes != null
        && BY_LVM.contains(changes.text())
        && kind != null
        && NOT_OF_LVM.contains(kind)) {
      add(
          changes.at(),
          "changes = \"%s\" needs a snapshot by LVM, and snapshot is %s%s"
              .formatted(changes.text(), kind, of(volume, standby)));
    }
  }

  private static String of(Volume volume, Standby standby) {
    return " for standby " + standby.name() + " of volume " + volume.name();
  }
}
