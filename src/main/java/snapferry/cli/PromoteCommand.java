package snapferry.cli;

import java.security.SecureRandom;
import snapferry.failure.Failure;

/** {@code promote}: takes a standby into use. */
final class PromoteCommand extends Command {
  /** Short enough to be typed again. */
  private static final int ANY_SEED = 1_000_000;

  private final Interruption interruption;

  private final OutputOptions output = with(new OutputOptions());
  private final StateOptions state = with(new StateOptions());

  private final Option verify =
      with(
          Option.of(
              "--verify",
              "sample|full|none",
              "What to compare with the epoch's signature before: some blocks from all over the image,"
                  + " all of it, or nothing. Default: sample."));

  private final Option seed =
      with(
          Option.of(
              "--seed",
              "N",
              "Which blocks, so that it can be done again. Default: any; it is said which."));

  private final Operand target = with(Operand.required(0, "TARGET", "An image or a device."));

  PromoteCommand(Interruption interruption) {
    super(
        "promote",
        "Take a standby into use with the epoch that it holds: recover it, verify it, and end its"
            + " lineage, so that no source replicates into it any more.",
        "The image itself is not touched. Its old source becomes its standby by snapferry reverse.");
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return Run.of(this::prepare, output, interruption);
  }

  private Task prepare() throws Failure {
    return new Promotion(
        LocalTargets.parse("promote", target.value()),
        state.root(),
        verify.text() == null ? Promotion.Proof.SAMPLE : OptionValue.proof(verify.text()),
        seed.text() == null ? new SecureRandom().nextInt(ANY_SEED) : OptionValue.seed(seed.text()));
  }
}
