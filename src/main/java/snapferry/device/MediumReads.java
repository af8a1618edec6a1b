package snapferry.device;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads what the medium holds: has the page cache forget a range first, which would otherwise
 * answer for it. A hint; what was written and is not on its way to the medium yet stays there.
 */
public final class MediumReads extends DeviceView {
  public MediumReads(BlockDevice device) {
    super(device);
  }

  @Override
  public void read(long offset, ByteBuffer destination) throws IOException {
    forget(offset, destination.remaining());
    super.read(offset, destination);
  }
}
