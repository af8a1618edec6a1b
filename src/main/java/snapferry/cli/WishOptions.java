package snapferry.cli;

import snapferry.failure.Failure;
import snapferry.wire.Wishes;

/** What is to happen to the target beyond the usual. */
final class WishOptions extends OptionGroup {
  private final Flag init =
      with(
          new Flag(
              "--init",
              "Adopt an existing target of unknown lineage: it is compared as a whole, not trusted."));

  private final Flag grow =
      with(new Flag("--grow", "Make the target file longer when the source grew."));

  private final Flag full =
      with(new Flag("--full", "Ignore stored signatures: both ends read everything."));

  private final Flag rejoin =
      with(
          new Flag(
              "--rejoin",
              "Go on with a standby that is at another epoch than it last acknowledged, because an"
                  + " older image or source state was restored: what both have on record is compared."));

  private final Option blockSize =
      with(
          Option.of(
              "--block-size",
              "SIZE",
              "Unit of comparison, a power of two from 4K to 1M. Default: the target's, 64K."));

  private final Option hash =
      with(
          Option.of(
              "--hash", "fast128|sha256", "Kind of block hash. Default: the target's, fast128."));

  Wishes wishes() throws Failure {
    return new Wishes(
        init.isGiven(),
        grow.isGiven(),
        full.isGiven(),
        rejoin.isGiven(),
        hash.text() == null ? null : OptionValue.hash(hash.text()),
        blockSize.text() == null ? null : OptionValue.blockSize(blockSize.text()));
  }
}
