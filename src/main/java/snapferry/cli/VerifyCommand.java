package snapferry.cli;

import snapferry.failure.Failure;
import snapferry.ssh.Endpoint;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** {@code verify}: an image against its own signature, or both ends against each other. */
final class VerifyCommand extends Command {
  private final Interruption interruption;

  private final OutputOptions output = with(new OutputOptions());
  private final SessionOptions session = with(new SessionOptions());

  private final Flag statistics = with(new Flag("--stats", "Print all counters at the end."));

  private final Operand first =
      with(Operand.required(0, "IMAGE|SOURCE", "The image, or the source to compare TARGET with."));

  private final Operand target = with(Operand.optional(1, "TARGET", "The standby."));

  VerifyCommand(Interruption interruption) {
    super(
        "verify",
        "Compare, and write nothing. Exit code 23 if there are differences.",
        "With one argument: re-read the image and compare it with its signature and root hash.",
        "With two: read SOURCE and TARGET and compare them; one of them may be [USER@]HOST:PATH.");
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return Run.of(this::prepare, output, interruption);
  }

  private Task prepare() throws Failure {
    if (target.text() == null) {
      return new ImageCheck(
          LocalTargets.parse("verify IMAGE", first.value()), session.state().root());
    }
    return session.replication(
        Purpose.VERIFY,
        Endpoint.parse(first.value()),
        Endpoint.parse(target.text()),
        Wishes.NONE,
        null,
        statistics.isGiven(),
        interruption);
  }
}
