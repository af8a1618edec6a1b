package snapferry.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import snapferry.codec.Amount;
import snapferry.extent.Extent;
import snapferry.failure.ExitCode;
import snapferry.journal.Manifest;
import snapferry.replicate.ImageVerification;
import snapferry.replicate.LocalStandbyPlace;
import snapferry.replicate.Standby;
import snapferry.replicate.Summary;

/** {@code verify IMAGE}: the image against its own signature and root hash. */
final class ImageCheck implements Task {
  /** What has no source has no change source either. */
  private static final String NO_SOURCE = "";

  private final Path image;
  private final Path stateRoot;
  private @Nullable Summary summary;

  ImageCheck(Path image, Path stateRoot) {
    this.image = image;
    this.stateRoot = stateRoot;
  }

  @Override
  public ExitCode run(Report report) throws IOException {
    long started = System.nanoTime();
    try (Standby standby = Standby.open(new LocalStandbyPlace(image, stateRoot), true, report)) {
      ImageVerification found = ImageVerification.verify(standby, report);
      standby.verified(found.isSound());
      summary = summary(found, System.nanoTime() - started);
      for (Extent extent : found.differences()) {
        report.event(
            "difference",
            event -> {
              event.writeNumberField("offset", extent.offset());
              event.writeNumberField("length", extent.length());
            });
      }
      report.say(line(found));
      return found.isSound() ? ExitCode.DONE : ExitCode.DIFFERENT;
    }
  }

  private String line(ImageVerification found) {
    Manifest manifest = found.manifest();
    String epoch =
        "%s: epoch %d of %s, root %s: "
            .formatted(image, manifest.epoch(), manifest.label(), manifest.root().brief());
    if (found.isSound()) {
      return epoch + "sound; read " + Amount.bytes(found.bytesRead());
    }
    if (found.differingBlocks() > 0) {
      return epoch
          + "DAMAGED: "
          + Amount.count(found.differingBlocks(), "block")
          + " not as in this epoch, the first at offset "
          + found.differences().get(0).offset();
    }
    return epoch
        + "DAMAGED: the stored signature does not have this root, so it proves nothing;"
        + " compare with the source (verify SOURCE TARGET)";
  }

  private static Summary summary(ImageVerification found, long nanos) {
    long first = found.differences().isEmpty() ? -1 : found.differences().get(0).offset();
    return new Summary(
        found.manifest().label(),
        found.manifest().epoch(),
        found.manifest().root(),
        NO_SOURCE,
        found.manifest().shape().geometry().size(),
        0,
        found.bytesRead(),
        0,
        0,
        0,
        0,
        found.differingBlocks(),
        0,
        0,
        0,
        first,
        null,
        nanos,
        null);
  }

  @Override
  public void finish(Report report, ExitCode exit) {
    report.event("summary", event -> SummaryText.fields(event, image.toString(), summary, exit));
  }
}
