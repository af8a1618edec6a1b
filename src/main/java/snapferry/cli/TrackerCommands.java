package snapferry.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The commands that look at trackers, or ask them for something. */
final class TrackerCommands {
  private TrackerCommands() {}

  /** {@code track list}. */
  static final class List extends Command {
    private final Interruption interruption;

    private final OutputOptions output = with(new OutputOptions());
    private final StateOptions state = with(new StateOptions());

    List(Interruption interruption) {
      super("list", "List the volumes that are or were tracked with this state directory.");
      this.interruption = interruption;
    }

    @Override
    public Integer call() {
      return Run.of(() -> new Trackers.Listing(state.root()), output, interruption);
    }
  }

  /** {@code track status}. */
  static final class Status extends Command {
    private final Interruption interruption;

    private final OutputOptions output = with(new OutputOptions());
    private final StateOptions state = with(new StateOptions());

    private final Operand volume =
        with(
            Operand.optionalPath(
                0, "VOLUME", "The volume, or the file that shows it. Default: all."));

    Status(Interruption interruption) {
      super(
          "status",
          "Tell of trackers that run what they track, how much was written, and since which epochs of"
              + " which standbys they know what changed.",
          "Exit code 3 if one does not run.");
      this.interruption = interruption;
    }

    @Override
    public Integer call() {
      @Nullable String only = volume.text();
      return Run.of(
          () -> new Trackers.Condition(state.root(), only == null ? null : Path.of(only)),
          output,
          interruption);
    }
  }

  /** {@code track rotate}. */
  static final class Rotate extends Command {
    private final Interruption interruption;

    private final OutputOptions output = with(new OutputOptions());
    private final StateOptions state = with(new StateOptions());

    private final Operand volume =
        with(Operand.requiredPath(0, "VOLUME", "The volume, or the file that shows it."));

    Rotate(Interruption interruption) {
      super("rotate", "Begin a generation of marks, as a run does; what was marked stays known.");
      this.interruption = interruption;
    }

    @Override
    public Integer call() {
      return Run.of(
          () -> new Trackers.Rotation(state.root(), Path.of(volume.value())), output, interruption);
    }
  }
}
