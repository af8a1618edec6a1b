package snapferry.device;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import snapferry.codec.LittleEndian;
import snapferry.extent.BlockSize;

/** A file or a device node behind one {@link FileChannel}, used only at explicit offsets. */
class ChannelStorage implements Storage {
  /** Sectors that are tried one by one to find the unreadable one: the largest block there is. */
  private static final int MAX_PROBES = BlockSize.MAX / BlockSize.SECTOR;

  private static final ByteBuffer ZEROS = LittleEndian.direct(256 << 10).asReadOnlyBuffer();

  private final String name;
  private final FileChannel channel;

  ChannelStorage(String name, FileChannel channel) {
    this.name = name;
    this.channel = channel;
  }

  /** What it is called in messages to people: the path. */
  public final String name() {
    return name;
  }

  final FileChannel channel() {
    return channel;
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public void read(long offset, ByteBuffer destination) throws IOException {
    long at = offset;
    while (destination.hasRemaining()) {
      int count = readSome(at, destination);
      if (count < 0) {
        throw new EOFException(
            name + ": ends at offset " + at + ", " + destination.remaining() + " bytes too early");
      }
      at += count;
    }
  }

  private int readSome(long offset, ByteBuffer destination) throws IOException {
    try {
      return channel.read(destination, offset);
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(offset, destination.remaining(), e);
    }
  }

  /**
   * Names the first unreadable sector of a range that could not be read as a whole. Reads go
   * through the page cache, so of a page with a bad sector it is the first.
   */
  private IOException unreadable(long offset, int length, IOException cause) {
    ByteBuffer sector = ByteBuffer.allocate(BlockSize.SECTOR);
    long first = offset / BlockSize.SECTOR;
    long last = Math.min((offset + length - 1) / BlockSize.SECTOR, first + MAX_PROBES - 1);
    for (long lba = first; lba <= last; lba++) {
      long at = lba * BlockSize.SECTOR;
      try {
        channel.read(sector.clear(), at);
      } catch (IOException e) {
        return new IOException(
            name + ": cannot read LBA " + lba + " (byte offset " + at + "): " + e.getMessage(), e);
      }
    }
    String range = "[" + offset + ", " + (offset + length) + ")";
    return new IOException(
        name + ": cannot read bytes " + range + " from LBA " + first + " on: " + cause.getMessage(),
        cause);
  }

  @Override
  public void write(long offset, ByteBuffer source) throws IOException {
    long at = offset;
    try {
      while (source.hasRemaining()) {
        at += channel.write(source, at);
      }
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          name
              + ": cannot write "
              + source.remaining()
              + " bytes at offset "
              + at
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** Writes zeros, where no hole can be made. */
  final void writeZeros(long offset, long length) throws IOException {
    long end = offset + length;
    for (long at = offset; at < end; at += ZEROS.capacity()) {
      write(at, ZEROS.slice(0, (int) Math.min(ZEROS.capacity(), end - at)));
    }
  }

  /** Refuses a range that does not lie within what is there. */
  final void requireWithin(long offset, long length) throws IOException {
    if (offset < 0 || length < 0 || offset > size() - length) {
      throw new EOFException(
          name + ": no range at offset " + offset + " of " + length + " bytes, size " + size());
    }
  }

  @Override
  public void resize(long size) throws IOException {
    long now = channel.size();
    if (size < now) {
      channel.truncate(size);
    } else if (size > now) {
      // A FileChannel does not truncate upwards. The last byte leaves a hole before it.
      write(size - 1, ZEROS.slice(0, 1));
    }
  }

  @Override
  public void sync() throws IOException {
    force(true);
  }

  @Override
  public void syncData() throws IOException {
    force(false);
  }

  private void force(boolean attributes) throws IOException {
    try {
      channel.force(attributes);
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(name + ": cannot make writes durable: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
