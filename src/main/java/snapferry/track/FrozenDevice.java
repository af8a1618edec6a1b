package snapferry.track;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import snapferry.device.BlockDevice;
import snapferry.extent.BlockSize;
import snapferry.extent.Extent;

/**
 * A volume that a tracker has frozen, read through the tracker. On a thread of its own: to
 * interrupt one who reads a channel is to close it, and other runs read through the connection too.
 */
final class FrozenDevice implements BlockDevice {
  private final String name;
  private final TrackerConnection connection;
  private final long size;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "snapferry-frozen");
            made.setDaemon(true);
            return made;
          });

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
    await(
        () -> {
          connection.read(offset, destination);
          return null;
        });
  }

  @Override
  public @Nullable Extent nextAllocated(long from) throws IOException {
    return await(() -> connection.nextAllocated(from, size));
  }

  private interface Request<T> {
    @Nullable T answer() throws IOException;
  }

  private <T> @Nullable T await(Request<T> request) throws IOException {
    try {
      return thread.submit(request::answer).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IOException(e.getCause());
    }
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
  public void close() {
    thread.shutdown();
  }
}
