package snapferry.replicate;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import snapferry.change.ChangeMap;
import snapferry.change.ChangeSource;
import snapferry.change.Scan;
import snapferry.delta.RootHash;
import snapferry.delta.Signature;
import snapferry.device.BlockDevice;
import snapferry.extent.Extent;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.Manifest;

/**
 * Re-reads an image and compares it with its signature, and the signature with the root hash that
 * the source proved. Writes nothing.
 *
 * @param manifest what the image should hold
 * @param root the root hash that the stored signature has
 * @param bytesRead bytes read from the image
 * @param differingBlocks blocks whose content is not what the signature says
 * @param differences where they are: neighbours together, the first {@link #MAX_DIFFERENCES}
 * @param signatureSound whether the signature's tree is what its hashes say
 */
public record ImageVerification(
    Manifest manifest,
    RootHash root,
    long bytesRead,
    long differingBlocks,
    List<Extent> differences,
    boolean signatureSound) {
  /** Most extents that are named. */
  public static final int MAX_DIFFERENCES = 100;

  /** Whether the image is, bit for bit, the epoch that its manifest names. */
  public boolean isSound() {
    return differingBlocks == 0 && signatureSound && root.equals(manifest.root());
  }

  /**
   * Verifies the image of {@code standby}.
   *
   * @throws Failure when there is nothing to compare it with
   */
  public static ImageVerification verify(Standby standby, Monitor monitor) throws IOException {
    return verify(standby, Scan::new, monitor);
  }

  /**
   * Verifies some blocks of the image, spread over all of it, and that the signature has the root.
   *
   * @param blocks how many, at most
   * @param seed says which: the same seed, the same blocks
   * @throws Failure when there is nothing to compare it with
   */
  public static ImageVerification sample(Standby standby, int blocks, long seed, Monitor monitor)
      throws IOException {
    return verify(standby, (image, size) -> sample(standby, size, blocks, seed), monitor);
  }

  /** Which part of an image is read. */
  private interface Part {
    ChangeSource of(BlockDevice image, long size);
  }

  private static ChangeSource sample(Standby standby, long size, int blocks, long seed) {
    long step = Math.max(1, size / blocks);
    long at = new SplittableRandom(seed).nextLong(step);
    ChangeMap sample = new ChangeMap("sample of " + standby.name(), size);
    for (; at < size; at += step) {
      sample.mayDiffer(new Extent(at, 1));
    }
    return sample;
  }

  private static ImageVerification verify(Standby standby, Part part, Monitor monitor)
      throws IOException {
    Manifest manifest = standby.requireEpoch();
    Signature signature = standby.signature();
    if (signature == null) {
      throw new Failure(
          ExitCode.FAILED,
          standby.name()
              + " has no stored signature to be verified against: compare it with its source (verify SOURCE TARGET)");
    }
    monitor.phase(Monitor.Phase.VERIFYING);
    BlockDevice image = Objects.requireNonNull(standby.image(), "a standing image is there");
    long size = signature.shape().geometry().size();
    Differences differences = new Differences(signature.shape().geometry());
    long bytesRead =
        new ImageComparison(
                image,
                signature,
                part.of(image, size),
                (first, count, entry) -> differences.add(first, count),
                monitor)
            .run();
    return new ImageVerification(
        manifest,
        signature.root(),
        bytesRead,
        differences.blocks(),
        differences.extents(),
        signature.isTreeSound());
  }
}
