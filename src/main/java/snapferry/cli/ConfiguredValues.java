package snapferry.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import snapferry.config.BadConfiguration;
import snapferry.config.Configuration;
import snapferry.config.Key;
import snapferry.config.Problem;
import snapferry.config.Setting;
import snapferry.config.Settings;
import snapferry.config.Standby;
import snapferry.config.Volume;
import snapferry.failure.Failure;

/**
 * Checks values of a configuration as the options that they are, each by itself, so that what is
 * wrong is said with its line and not by a run at night.
 */
final class ConfiguredValues {
  /** Keys of {@code track} begin so, where its options have two hyphens. */
  private static final String OF_TRACK = "track-";

  private final PushCommand push = new PushCommand(new Interruption());
  private final CommandLine line = push.commandLine();
  private final Set<Setting> checked = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Problem> problems = new ArrayList<>();

  private ConfiguredValues() {}

  /** Refuses a configuration with values that make no sense. */
  static void check(Configuration configuration) throws BadConfiguration {
    ConfiguredValues values = new ConfiguredValues();
    values.process(configuration.settings());
    values.options(configuration.settings());
    for (Volume volume : configuration.volumes()) {
      values.options(volume.settings());
      values.check(volume.settings().find(Key.TRACK_REGION), OptionValue::region);
      for (Standby standby : volume.standbys()) {
        values.options(standby.settings());
      }
    }
    if (!values.problems.isEmpty()) {
      throw new BadConfiguration(values.problems);
    }
  }

  private interface Check {
    void run(String text) throws Failure;
  }

  private void process(Settings settings) {
    check(settings.find(Key.JOBS), text -> OptionValue.jobs(Key.JOBS.label(), text));
    check(settings.find(Key.RUN_LOG_SIZE), OptionValue::runLogSize);
    check(settings.find(Key.RUN_LOG_KEEP), OptionValue::runLogKeep);
    check(settings.find(Key.TRACK_OWNER), MountOwner::of);
    check(settings.find(Key.TRACK_MODE), OptionValue::mode);
    check(settings.find(Key.TRACK_CACHE), OptionValue::kernelCache);
    check(settings.find(Key.TRACK_THREADS), OptionValue::threads);
    for (Key path : List.of(Key.STATE_DIR, Key.METRICS_FILE, Key.RUN_LOG, Key.TRACK_MOUNTPOINT)) {
      check(settings.find(path), text -> OptionValue.absolutePath(path.label(), text));
    }
  }

  private void options(Settings settings) {
    for (Setting setting : settings.of(Key.Scope.RUN)) {
      check(
          setting,
          text -> {
            List<String> words = new ArrayList<>();
            ConfiguredRun.add(setting, words);
            words.addAll(List.of("--", "/source", "/target"));
            ConfiguredRun.parse(line, words);
            push.checkValues();
          });
    }
  }

  private void check(@Nullable Setting setting, Check check) {
    if (setting == null || !checked.add(setting)) {
      return;
    }
    try {
      check.run(setting.text());
    } catch (Failure e) {
      String message = String.valueOf(e.getMessage());
      // The same sentence, of a key instead of an option.
      String key = setting.key().label();
      String option = "--" + (key.startsWith(OF_TRACK) ? key.substring(OF_TRACK.length()) : key);
      problems.add(
          new Problem(
              setting.at(),
              message.startsWith(option) ? key + message.substring(option.length()) : message));
    }
  }
}
