package snapferry.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import snapferry.failure.Failure;
import snapferry.ssh.Endpoint;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** {@code verify}: an image against its own signature, or both ends against each other. */
@Command(
    name = "verify",
    description = {
      "Compare, and write nothing. Exit code 23 if there are differences.",
      "With one argument: re-read the image and compare it with its signature and root hash.",
      "With two: read SOURCE and TARGET and compare them; one of them may be [USER@]HOST:PATH."
    })
final class VerifyCommand implements Callable<Integer> {
  private final Interruption interruption;

  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final SnapshotOptions snapshot = new SnapshotOptions();
  @Mixin private final LineOptions line = new LineOptions();
  @Mixin private final LoadOptions load = new LoadOptions();
  @Mixin private final StateOptions state = new StateOptions();

  @Option(names = "--stats", description = "Print all counters at the end.")
  private boolean statistics;

  @Parameters(
      index = "0",
      paramLabel = "IMAGE|SOURCE",
      description = "The image, or the source to compare TARGET with.")
  private String first = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "TARGET", description = "The standby.")
  private @Nullable String target;

  VerifyCommand(Interruption interruption) {
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return Run.of(this::prepare, output, interruption);
  }

  private Task prepare() throws Failure {
    if (target == null) {
      return new ImageCheck(LocalTargets.parse("verify IMAGE", first), state.root());
    }
    return new Replication(
        Purpose.VERIFY,
        Endpoint.parse(first),
        Endpoint.parse(target),
        Wishes.NONE,
        snapshot,
        line,
        load,
        null,
        state.root(),
        statistics,
        interruption);
  }
}
