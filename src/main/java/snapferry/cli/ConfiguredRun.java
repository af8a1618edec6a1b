package snapferry.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import snapferry.config.Key;
import snapferry.config.Setting;
import snapferry.config.Settings;
import snapferry.config.Standby;
import snapferry.config.Volume;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.ledger.Pair;
import snapferry.lvm.SnapshotSettings;
import snapferry.ssh.Endpoint;

/**
 * A run that a configuration asks for: the {@code push} or {@code pull} that one would type for it,
 * as that is the one way to say what a run is to do.
 *
 * @param pair what it is called
 * @param words what one would type behind {@code snapferry}
 * @param command that, understood
 * @param company what it has in common with runs that it shares snapshots with; null for one that
 *     shares none
 */
record ConfiguredRun(
    Pair pair, List<String> words, ReplicationCommand command, @Nullable Company company) {
  ConfiguredRun {
    words = List.copyOf(words);
  }

  /** Runs of one volume whose snapshots are taken in the same way. */
  record Company(String volume, SnapshotSettings snapshot) {}

  /**
   * The run of a volume to one of its standbys.
   *
   * @param more options beside the configured ones
   */
  static ConfiguredRun of(Volume volume, Standby standby, Path stateRoot, List<String> more)
      throws Failure {
    boolean pull = volume.source() instanceof Endpoint.Remote;
    List<String> words = new ArrayList<>();
    standby.settings().of(Key.Scope.RUN).forEach(setting -> add(setting, words));
    words.add("--state-dir=" + stateRoot);
    words.addAll(more);
    words.add("--");
    words.add(text(volume.settings(), Key.SOURCE));
    words.add(text(standby.settings(), Key.TARGET));
    ReplicationCommand command =
        pull ? new PullCommand(new Interruption()) : new PushCommand(new Interruption());
    parse(command.commandLine(), words);
    words.add(0, pull ? "pull" : "push");
    @Nullable Setting share = standby.settings().find(Key.SHARE_SNAPSHOT);
    boolean alone = pull || volume.standbys().size() == 1 || (share != null && !share.isTrue());
    return new ConfiguredRun(
        new Pair(volume.name(), standby.name()),
        words,
        command,
        alone ? null : new Company(volume.name(), command.snapshotSettings()));
  }

  private static String text(Settings settings, Key key) {
    return String.valueOf(settings.text(key));
  }

  /** Adds the option that {@code setting} is; a flag that is not set is none. */
  static void add(Setting setting, List<String> words) {
    String option = "--" + setting.key().label();
    if (setting.key().kind() != Key.Kind.FLAG) {
      words.add(option + "=" + setting.text());
    } else if (setting.isTrue()) {
      words.add(option);
    }
  }

  /**
   * Makes {@code line} what {@code words} say.
   *
   * @throws Failure {@link ExitCode#USAGE} if they say nothing that it knows
   */
  static void parse(CommandLine line, List<String> words) throws Failure {
    try {
      line.setExpandAtFiles(false).parseArgs(words.toArray(String[]::new));
    } catch (ParameterException e) {
      throw new Failure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }
}
