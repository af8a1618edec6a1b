package snapferry.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import snapferry.config.BadConfiguration;
import snapferry.config.Configuration;
import snapferry.config.ConfigurationFiles;
import snapferry.config.ConfigurationText;
import snapferry.config.Key;
import snapferry.config.Problem;
import snapferry.config.Settings;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** Where the configuration is. */
final class ConfigurationOptions extends OptionGroup {
  private final Option file =
      with(
          Option.path(
              "--config",
              "FILE",
              "Read this file and no other. Default: /etc/snapferry/snapferry.toml and"
                  + " /etc/snapferry/conf.d/*.toml."));

  /** What to do with a configuration. */
  interface Use {
    Task task(Configuration configuration) throws Failure;
  }

  /** Runs a command that needs the configuration; gives the exit code. */
  int run(Use use, OutputOptions output, Interruption interruption) {
    Task.Preparation preparation;
    try {
      Configuration configuration = read();
      Settings settings = configuration.settings();
      output.add(
          settings.isTrue(Key.VERBOSE),
          settings.isTrue(Key.QUIET),
          settings.isTrue(Key.PROGRESS),
          settings.isTrue(Key.JSON));
      preparation = () -> use.task(configuration);
    } catch (BadConfiguration e) {
      preparation = () -> report -> refuse(e, report);
    } catch (IOException e) {
      preparation =
          () ->
              report -> {
                throw e;
              };
    }
    Report report = output.report();
    return Run.process(
        preparation,
        JournalStream.isStandardError()
            ? report.toJournal(JournalStream.isStandardOutput())
            : report,
        interruption);
  }

  private Configuration read() throws IOException, BadConfiguration {
    @Nullable String name = file.text();
    ConfigurationText text =
        name == null
            ? ConfigurationFiles.withParts(ConfigurationFiles.MAIN)
            : ConfigurationFiles.single(Path.of(name));
    Configuration configuration = text.parse();
    ConfiguredValues.check(configuration);
    return configuration;
  }

  private static ExitCode refuse(BadConfiguration bad, Report report) {
    for (Problem problem : bad.problems()) {
      report.failure(new Failure(ExitCode.USAGE, problem.toString()), null);
    }
    return ExitCode.USAGE;
  }
}
