package snapferry.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import snapferry.codec.Amount;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.ImageState;
import snapferry.journal.Manifest;
import snapferry.replicate.ImageVerification;
import snapferry.replicate.LocalStandbyPlace;
import snapferry.replicate.Standby;

/** {@code promote}: a standby becomes a volume of its own. */
final class Promotion implements Task {
  /** Enough to find an image that is not the epoch at all, or of which a thousandth is not. */
  private static final int SAMPLE_BLOCKS = 4096;

  private final Path target;
  private final Path stateRoot;
  private final Proof proof;
  private final long seed;

  /** How much of the image is compared with the epoch before. */
  enum Proof {
    SAMPLE,
    FULL,
    NONE;

    /** The word on the command line. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The one with this label. */
    static Optional<Proof> labelled(String text) {
      return Stream.of(values()).filter(proof -> proof.label().equals(text)).findFirst();
    }
  }

  /**
   * @param seed says which blocks are in a sample
   */
  Promotion(Path target, Path stateRoot, Proof proof, long seed) {
    this.seed = seed;
    this.target = target;
    this.stateRoot = stateRoot;
    this.proof = proof;
  }

  @Override
  public ExitCode run(Report report) throws IOException {
    LocalStandbyPlace place = new LocalStandbyPlace(target, stateRoot);
    try (Standby standby = Standby.open(place, false, report)) {
      @Nullable Manifest before = standby.manifest();
      if (before != null && before.state() == ImageState.PROMOTED) {
        report.say(target + ": was promoted before, with " + epoch(before));
      } else {
        String proven = proven(standby, report);
        report.say(target + ": promoted with " + epoch(standby.promote()) + "; " + proven);
        explain(standby.isDevice(), report);
      }
    }
    StandbyStatus status = StandbyStatus.of(place);
    report.event("status", event -> status.fields(event, Instant.now()));
    return ExitCode.DONE;
  }

  private static String epoch(Manifest manifest) {
    return "epoch %d of %s, root %s, taken at %s"
        .formatted(manifest.epoch(), manifest.label(), manifest.root().brief(), manifest.time());
  }

  private void explain(boolean device, Report report) {
    report.say("No source replicates into it any more. Use it as any volume, for instance:");
    report.say(
        device ? "  mount " + target + " /mnt" : "  losetup --find --show --partscan " + target);
    report.say("The old source becomes its standby, when what it holds may be overwritten, by");
    report.say("  snapferry reverse " + target + " [USER@]HOST:OLD-SOURCE");
  }

  private String proven(Standby standby, Report report) throws IOException {
    if (proof == Proof.NONE) {
      return "not verified";
    }
    ImageVerification found =
        proof == Proof.FULL
            ? ImageVerification.verify(standby, report)
            : ImageVerification.sample(standby, SAMPLE_BLOCKS, seed, report);
    String which = proof == Proof.FULL ? "" : " (--seed " + seed + ")";
    if (!found.isSound()) {
      throw new Failure(
          ExitCode.DIFFERENT,
          target
              + ": not the epoch that it should be"
              + (found.differingBlocks() > 0
                  ? ": of what was read, "
                      + Amount.count(found.differingBlocks(), "block")
                      + " not as in it, the first at offset "
                      + found.differences().get(0).offset()
                      + which
                  : ": its signature does not have the epoch's root"));
    }
    return "sound; read " + Amount.bytes(found.bytesRead()) + " of it" + which;
  }

  @Override
  public @Nullable String advice(ExitCode exit, boolean begun) {
    return switch (exit) {
      case DIFFERENT, FAILED ->
          target + " was not promoted and not touched; --verify none promotes it as it is";
      default -> null;
    };
  }
}
