package snapferry.replicate;

import java.io.IOException;
import snapferry.device.BlockDevice;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** Whether an image is still as large as it was admitted: somebody may resize it meanwhile. */
final class ImageSize {
  private ImageSize() {}

  /**
   * Looks again, before an epoch counts.
   *
   * @param volume bytes of what it holds: a file has just as many, a device may have more
   * @throws Failure {@link ExitCode#SIZE} if it was resized
   */
  static void check(BlockDevice image, long volume) throws IOException {
    long size = image.size();
    if (image.isDevice() ? size < volume : size != volume) {
      throw new Failure(
          ExitCode.SIZE,
          image.name()
              + " was resized during this run: it has "
              + size
              + " bytes, and what it holds "
              + volume
              + ". Nothing was committed");
    }
  }
}
