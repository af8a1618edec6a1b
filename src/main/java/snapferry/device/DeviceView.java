package snapferry.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import snapferry.extent.Extent;

/** Another device, seen in some other way; owns it. */
public abstract class DeviceView implements BlockDevice {
  private final BlockDevice device;

  protected DeviceView(BlockDevice device) {
    this.device = device;
  }

  /** The device behind the view. */
  protected final BlockDevice device() {
    return device;
  }

  @Override
  public String name() {
    return device.name();
  }

  @Override
  public boolean isDevice() {
    return device.isDevice();
  }

  @Override
  public int sectorSize() throws IOException {
    return device.sectorSize();
  }

  @Override
  public long size() throws IOException {
    return device.size();
  }

  @Override
  public void read(long offset, ByteBuffer destination) throws IOException {
    device.read(offset, destination);
  }

  @Override
  public void write(long offset, ByteBuffer source) throws IOException {
    device.write(offset, source);
  }

  @Override
  public void zero(long offset, long length) throws IOException {
    device.zero(offset, length);
  }

  @Override
  public @Nullable Extent nextAllocated(long from) throws IOException {
    return device.nextAllocated(from);
  }

  @Override
  public void forget(long offset, long length) throws IOException {
    device.forget(offset, length);
  }

  @Override
  public void startWriteBack(long offset, long length) throws IOException {
    device.startWriteBack(offset, length);
  }

  @Override
  public void resize(long size) throws IOException {
    device.resize(size);
  }

  @Override
  public void sync() throws IOException {
    device.sync();
  }

  @Override
  public void close() throws IOException {
    device.close();
  }
}
