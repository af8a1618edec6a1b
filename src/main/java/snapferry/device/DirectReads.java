package snapferry.device;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import snapferry.codec.LittleEndian;

/**
 * Reads past the page cache ({@link CacheUse#DIRECT}) what is aligned in memory and on the device:
 * all but the odd end of a volume, which is read as ever.
 */
final class DirectReads extends DeviceView {
  private final ChannelStorage direct;

  /**
   * @param path that {@code device} was opened by
   * @throws IOException if the file system does not have O_DIRECT
   */
  DirectReads(BlockDevice device, Path path) throws IOException {
    super(device);
    direct =
        new ChannelStorage(
            device.name(),
            FileChannel.open(path, StandardOpenOption.READ, ExtendedOpenOption.DIRECT));
  }

  @Override
  public void read(long offset, ByteBuffer destination) throws IOException {
    int unit = LittleEndian.ALIGNMENT;
    boolean aligned =
        destination.isDirect()
            && offset % unit == 0
            && destination.remaining() % unit == 0
            && destination.alignmentOffset(destination.position(), unit) == 0;
    if (aligned) {
      direct.read(offset, destination);
    } else {
      super.read(offset, destination);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      direct.close();
    } finally {
      super.close();
    }
  }
}
