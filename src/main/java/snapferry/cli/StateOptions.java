package snapferry.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where state is kept that has no place beside an image. */
final class StateOptions {
  @Option(
      names = ServeArguments.STATE_DIR,
      paramLabel = "DIR",
      description =
          "Where to keep what is remembered of sources and of device targets. Default:"
              + " $$SNAPFERRY_STATE_DIR; else for root /var/lib/snapferry, for others"
              + " snapferry in $$XDG_STATE_HOME or ~/.local/state.")
  private @Nullable Path directory;

  Path root() {
    return StateRoot.of(directory);
  }

  /**
   * The same, where nothing was typed by what a configuration says.
   *
   * @param configured null when it says nothing
   */
  Path root(@Nullable String configured) {
    return directory == null && configured != null ? Path.of(configured) : root();
  }
}
