package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import snapferry.device.BlockDevice;
import snapferry.device.DeviceView;

/** A source that is read no faster than its host can spare. */
final class ThrottledReads extends DeviceView {
  private final RateLimit limit;

  /**
   * @param bytesPerSecond that all readers together may read; not 0
   */
  ThrottledReads(BlockDevice device, long bytesPerSecond) {
    super(device);
    limit = new RateLimit(bytesPerSecond);
  }

  @Override
  public void read(long offset, ByteBuffer destination) throws IOException {
    synchronized (limit) {
      limit.await(destination.remaining());
    }
    super.read(offset, destination);
  }
}
