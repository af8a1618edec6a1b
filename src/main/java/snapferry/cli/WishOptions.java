package snapferry.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import snapferry.failure.Failure;
import snapferry.wire.Wishes;

/** What is to happen to the target beyond the usual. */
final class WishOptions {
  @Option(
      names = "--init",
      description =
          "Adopt an existing target of unknown lineage: it is compared as a whole, not trusted.")
  private boolean init;

  @Option(names = "--grow", description = "Make the target file longer when the source grew.")
  private boolean grow;

  @Option(names = "--full", description = "Ignore stored signatures: both ends read everything.")
  private boolean full;

  @Option(
      names = "--rejoin",
      description =
          "Go on with a standby that is at another epoch than it last acknowledged, because an"
              + " older image or source state was restored: what both have on record is compared.")
  private boolean rejoin;

  @Option(
      names = "--block-size",
      paramLabel = "SIZE",
      description = "Unit of comparison, a power of two from 4K to 1M. Default: the target's, 64K.")
  private @Nullable String blockSize;

  @Option(
      names = "--hash",
      paramLabel = "fast128|sha256",
      description = "Kind of block hash. Default: the target's, fast128.")
  private @Nullable String hash;

  Wishes wishes() throws Failure {
    return new Wishes(
        init,
        grow,
        full,
        rejoin,
        hash == null ? null : OptionValue.hash(hash),
        blockSize == null ? null : OptionValue.blockSize(blockSize));
  }
}
