package snapferry.fuse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;
import snapferry.device.FileDevice;
import snapferry.replicate.PathKey;

/** A served file that passes everything on to another file. */
@NullMarked
final class BackingFile implements ServedFile {
  private final String name;
  private final String identity;
  private final FileDevice device;
  private final long size;
  private final boolean writable;

  BackingFile(String name, Path path, boolean writable) throws IOException {
    this.name = name;
    this.identity = PathKey.hash(path.toAbsolutePath());
    this.device = writable ? FileDevice.openWrite(path) : FileDevice.openRead(path);
    this.size = device.size();
    this.writable = writable;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean isWritable() {
    return writable;
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
  public void zero(long offset, long length, boolean deallocate) throws IOException {
    device.zero(offset, length);
  }

  @Override
  public void sync() throws IOException {
    device.sync();
  }
}
