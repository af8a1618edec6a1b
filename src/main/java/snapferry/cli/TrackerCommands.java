package snapferry.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The commands that look at trackers, or ask them for something. */
final class TrackerCommands {
  private TrackerCommands() {}

  /** {@code track list}. */
  @Command(
      name = "list",
      description = "List the volumes that are or were tracked with this state directory.")
  static final class List implements Callable<Integer> {
    private final Interruption interruption;

    @Mixin private final OutputOptions output = new OutputOptions();
    @Mixin private final StateOptions state = new StateOptions();

    List(Interruption interruption) {
      this.interruption = interruption;
    }

    @Override
    public Integer call() {
      return Run.of(() -> new Trackers.Listing(state.root()), output, interruption);
    }
  }

  /** {@code track status}. */
  @Command(
      name = "status",
      description = {
        "Tell of trackers that run what they track, how much was written, and since which epochs of"
            + " which standbys they know what changed.",
        "Exit code 3 if one does not run."
      })
  static final class Status implements Callable<Integer> {
    private final Interruption interruption;

    @Mixin private final OutputOptions output = new OutputOptions();
    @Mixin private final StateOptions state = new StateOptions();

    @Parameters(
        arity = "0..1",
        paramLabel = "VOLUME",
        description = "The volume, or the file that shows it. Default: all.")
    private @Nullable Path volume;

    Status(Interruption interruption) {
      this.interruption = interruption;
    }

    @Override
    public Integer call() {
      return Run.of(() -> new Trackers.Condition(state.root(), volume), output, interruption);
    }
  }

  /** {@code track rotate}. */
  @Command(
      name = "rotate",
      description = "Begin a generation of marks, as a run does; what was marked stays known.")
  static final class Rotate implements Callable<Integer> {
    private final Interruption interruption;

    @Mixin private final OutputOptions output = new OutputOptions();
    @Mixin private final StateOptions state = new StateOptions();

    @Parameters(paramLabel = "VOLUME", description = "The volume, or the file that shows it.")
    private Path volume = Path.of("");

    Rotate(Interruption interruption) {
      this.interruption = interruption;
    }

    @Override
    public Integer call() {
      return Run.of(() -> new Trackers.Rotation(state.root(), volume), output, interruption);
    }
  }
}
