package snapferry.cli;

import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import snapferry.failure.Failure;

/** {@code promote}: takes a standby into use. */
@Command(
    name = "promote",
    description = {
      "Take a standby into use with the epoch that it holds: recover it, verify it, and end its"
          + " lineage, so that no source replicates into it any more.",
      "The image itself is not touched. Its old source becomes its standby by snapferry reverse."
    })
final class PromoteCommand implements Callable<Integer> {
  /** Short enough to be typed again. */
  private static final int ANY_SEED = 1_000_000;

  private final Interruption interruption;

  @Mixin private final OutputOptions output = new OutputOptions();
  @Mixin private final StateOptions state = new StateOptions();

  @Option(
      names = "--verify",
      paramLabel = "sample|full|none",
      description =
          "What to compare with the epoch's signature before: some blocks from all over the image,"
              + " all of it, or nothing. Default: sample.")
  private String verify = Promotion.Proof.SAMPLE.label();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Which blocks, so that it can be done again. Default: any; it is said which.")
  private @Nullable String seed;

  @Parameters(paramLabel = "TARGET", description = "An image or a device.")
  private String target = "";

  PromoteCommand(Interruption interruption) {
    this.interruption = interruption;
  }

  @Override
  public Integer call() {
    return Run.of(this::prepare, output, interruption);
  }

  private Task prepare() throws Failure {
    return new Promotion(
        LocalTargets.parse("promote", target),
        state.root(),
        OptionValue.proof(verify),
        seed == null ? new SecureRandom().nextInt(ANY_SEED) : OptionValue.seed(seed));
  }
}
