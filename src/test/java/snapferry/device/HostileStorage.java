package snapferry.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import snapferry.extent.BlockSize;

/** An open file on a {@link HostileDisk}. */
class HostileStorage implements Storage {
  final HostileDisk disk;
  final HostileFile file;
  private final String name;
  private final boolean takesSpace;
  private boolean closed;

  HostileStorage(HostileDisk disk, String name, HostileFile file, boolean takesSpace) {
    this.disk = disk;
    this.name = name;
    this.file = file;
    this.takesSpace = takesSpace;
  }

  public final String name() {
    return name;
  }

  @Override
  public final long size() throws IOException {
    synchronized (disk) {
      requireOpen();
      return file.size();
    }
  }

  @Override
  public final void read(long offset, ByteBuffer destination) throws IOException {
    synchronized (disk) {
      requireOpen();
      int length = destination.remaining();
      int readable = disk.readable(length);
      int there = (int) Math.max(0, Math.min(readable, file.size() - offset));
      byte[] bytes = new byte[there];
      file.read(offset, bytes, there);
      destination.put(bytes);
      if (there < length) {
        throw HostileDisk.shortRead(name, offset + there);
      }
    }
  }

  @Override
  public void write(long offset, ByteBuffer source) throws IOException {
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    write(offset, bytes);
  }

  final void write(long offset, byte[] bytes) throws IOException {
    operate(
        HostileOperation.write(
            takesSpace,
            () -> file.write(offset, bytes, bytes.length),
            random -> file.write(offset, bytes, wholeSectors(offset, bytes, random))));
  }

  /** How much of a failed write was done: a sector is written whole or not at all. */
  private static int wholeSectors(long offset, byte[] bytes, RandomGenerator random) {
    long end = offset + random.nextInt(bytes.length + 1);
    return end == offset + bytes.length
        ? bytes.length
        : (int) Math.max(0, end / BlockSize.SECTOR * BlockSize.SECTOR - offset);
  }

  @Override
  public void resize(long size) throws IOException {
    boolean grows = size > size();
    operate(
        HostileOperation.write(
            grows && takesSpace, () -> file.resize(size), HostileOperation.Effect.NONE));
  }

  @Override
  public final void sync() throws IOException {
    operate(HostileOperation.sync(file::sync, file::failSync));
  }

  private void operate(HostileOperation operation) throws IOException {
    synchronized (disk) {
      requireOpen();
      disk.operate(operation);
    }
  }

  private void requireOpen() throws IOException {
    disk.requirePower();
    if (closed) {
      throw new IOException(name + ": is closed");
    }
  }

  /** Never fails: a process that has lost power closes nothing. */
  @Override
  public final void close() {
    synchronized (disk) {
      closed = true;
    }
  }
}
