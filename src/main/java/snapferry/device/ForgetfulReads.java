package snapferry.device;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Leaves nothing of what was read in the page cache ({@link CacheUse#DROP}). */
final class ForgetfulReads extends DeviceView {
  ForgetfulReads(BlockDevice device) {
    super(device);
  }

  @Override
  public void read(long offset, ByteBuffer destination) throws IOException {
    int length = destination.remaining();
    super.read(offset, destination);
    forget(offset, length);
  }
}
