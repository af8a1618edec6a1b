package snapferry.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where state is kept that has no place beside an image. */
final class StateOptions extends OptionGroup {
  private final Option directory =
      with(
          Option.path(
              ServeArguments.STATE_DIR,
              "DIR",
              "Where to keep what is remembered of sources and of device targets. Default:"
                  + " $$SNAPFERRY_STATE_DIR; else for root /var/lib/snapferry, for others"
                  + " snapferry in $$XDG_STATE_HOME or ~/.local/state."));

  Path root() {
    @Nullable String text = directory.text();
    return StateRoot.of(text == null ? null : Path.of(text));
  }

  /**
   * The same, where nothing was typed by what a configuration says.
   *
   * @param configured null when it says nothing
   */
  Path root(@Nullable String configured) {
    return directory.text() == null && configured != null ? Path.of(configured) : root();
  }
}
