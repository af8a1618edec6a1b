package snapferry.device;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A channel over zeros with one bad byte: reads that cover it fail as a disk's do, and reads are
 * cut short at will.
 */
final class FaultyChannel extends FileChannel {
  private final long size;
  private final long bad;
  private final int most;
  private int failures;

  /**
   * @param bad the byte that cannot be read
   * @param most bytes that one read returns at most
   */
  FaultyChannel(long size, long bad, int most) {
    this.size = size;
    this.bad = bad;
    this.most = most;
  }

  /** How many reads have failed. */
  int failures() {
    return failures;
  }

  @Override
  public int read(ByteBuffer destination, long position) throws IOException {
    int count = (int) Math.min(Math.min(most, destination.remaining()), size - position);
    if (position <= bad && bad < position + count) {
      failures++;
      throw new IOException("Input/output error");
    }
    destination.put(new byte[count]);
    return count;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    throw new IOException("Input/output error");
  }

  @Override
  public void force(boolean metaData) throws IOException {
    throw new IOException("Input/output error");
  }

  @Override
  protected void implCloseChannel() {}

  @Override
  public int read(ByteBuffer destination) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long read(ByteBuffer[] destinations, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int write(ByteBuffer source) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long position() {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileChannel position(long position) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileChannel truncate(long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }
}
