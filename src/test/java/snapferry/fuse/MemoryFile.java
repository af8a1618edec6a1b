package snapferry.fuse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.NullMarked;

/** A served file in memory that insists on what a served file is promised. */
@NullMarked
final class MemoryFile implements ServedFile {
  final byte[] content;
  private final String name;
  private final String identity;
  int syncs;
  int discards;
  boolean fails;

  MemoryFile(String name, int size) {
    this(name, "memory", size);
  }

  MemoryFile(String name, String identity, int size) {
    this.identity = identity;
    this.name = name;
    this.content = new byte[size];
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
    return content.length;
  }

  @Override
  public boolean isWritable() {
    return true;
  }

  private void check(long offset, long length) throws IOException {
    if (offset < 0 || length <= 0 || offset > content.length - length) {
      throw new AssertionError("was promised ranges within the file: " + offset + " " + length);
    }
    if (fails) {
      throw new IOException("the disk is broken");
    }
  }

  @Override
  public void read(long offset, ByteBuffer destination) throws IOException {
    check(offset, destination.remaining());
    destination.put(content, (int) offset, destination.remaining());
  }

  @Override
  public void write(long offset, ByteBuffer source) throws IOException {
    check(offset, source.remaining());
    source.get(content, (int) offset, source.remaining());
  }

  @Override
  public void zero(long offset, long length, boolean deallocate) throws IOException {
    check(offset, length);
    discards += deallocate ? 1 : 0;
    Arrays.fill(content, (int) offset, (int) (offset + length), (byte) 0);
  }

  @Override
  public void sync() throws IOException {
    check(0, 1);
    syncs++;
  }
}
