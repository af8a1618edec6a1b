package snapferry.device;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import snapferry.extent.BlockSize;
import snapferry.extent.Extent;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** An open device, or file that stands for one, on a {@link HostileDisk}. */
final class HostileVolume extends HostileStorage implements BlockDevice {
  private final boolean device;

  HostileVolume(HostileDisk disk, String name, HostileFile file, boolean device) {
    super(disk, name, file, !device);
    this.device = device;
  }

  @Override
  public boolean isDevice() {
    return device;
  }

  @Override
  public int sectorSize() throws IOException {
    disk.requirePower();
    return BlockSize.SECTOR;
  }

  @Override
  public void write(long offset, ByteBuffer source) throws IOException {
    if (device && offset + source.remaining() > size()) {
      throw new IOException(name() + ": No space left on device");
    }
    super.write(offset, source);
  }

  @Override
  public void zero(long offset, long length) throws IOException {
    if (offset < 0 || offset > size() - length) {
      throw new EOFException(name() + ": no range at offset " + offset + " of " + length);
    }
    write(offset, new byte[Math.toIntExact(length)]);
  }

  @Override
  public void resize(long size) throws IOException {
    if (device) {
      throw new Failure(ExitCode.SIZE, name() + " is a device and cannot be resized");
    }
    super.resize(size);
  }

  @Override
  public @Nullable Extent nextAllocated(long from) throws IOException {
    synchronized (disk) {
      long size = size();
      if (device) {
        return from < size ? new Extent(from, size - from) : null;
      }
      return file.nextAllocated(from);
    }
  }
}
