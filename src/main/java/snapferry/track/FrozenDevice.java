package snapferry.track;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import snapferry.device.BlockDevice;
import snapferry.extent.BlockSize;
import snapferry.extent.Extent;

/** A volume that a tracker has frozen, read through the tracker. */
final class FrozenDevice implements BlockDevice {
  private final String name;
  private final TrackerConnection connection;
  private final long size;

  FrozenDevice(String name, TrackerConnection connection, long size) {
    this.name = name;
    this.connection = connection;
    this.size = size;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isDevice() {
    return true;
  }

  @Override
  public int sectorSize() {
    return BlockSize.SECTOR;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long offset, ByteBuffer destination) throws IOException {
    connection.read(offset, destination);
  }

  @Override
  public @Nullable Extent nextAllocated(long from) throws IOException {
    return connection.nextAllocated(from, size);
  }

  @Override
  public void write(long offset, ByteBuffer source) throws IOException {
    throw refusal();
  }

  @Override
  public void zero(long offset, long length) throws IOException {
    throw refusal();
  }

  @Override
  public void resize(long length) throws IOException {
    throw refusal();
  }

  @Override
  public void sync() {}

  private IOException refusal() {
    return new IOException(name + " can only be read");
  }

  /** The connection lasts as long as the snapshot, which is closed after this. */
  @Override
  public void close() {}
}
