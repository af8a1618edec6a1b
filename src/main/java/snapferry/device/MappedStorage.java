package snapferry.device;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A file whose reads come from memory mappings, in segments that are mapped when they are first
 * read. Writes go through the file, which on Linux shows at once in the mappings. Readers take no
 * lock and allocate nothing.
 *
 * <p>For bytes that are proven otherwise. When a page cannot be read, the JVM throws an {@link
 * InternalError}, which becomes an {@link IOException} here; but Java 17 may throw it in this
 * thread only some time later, and until then the destination keeps what it held (Java 25 throws it
 * at once).
 */
final class MappedStorage extends ChannelStorage {
  private final int segmentBytes;
  private volatile Mapping mapping;

  /**
   * @param segmentBytes bytes of one mapping, at least 1
   */
  MappedStorage(String name, FileChannel channel, int segmentBytes) throws IOException {
    super(name, channel);
    this.segmentBytes = segmentBytes;
    this.mapping = new Mapping(channel.size());
  }

  @Override
  public long size() {
    return mapping.size;
  }

  @Override
  public void read(long offset, ByteBuffer destination) throws IOException {
    if (!channel().isOpen()) {
      throw new ClosedChannelException();
    }
    Mapping current = mapping;
    if (offset < 0 || offset > current.size - destination.remaining()) {
      throw new EOFException(
          "%s: no %d bytes at offset %d, size %d"
              .formatted(name(), destination.remaining(), offset, current.size));
    }
    try {
      long at = offset;
      while (destination.hasRemaining()) {
        MappedByteBuffer segment = current.segment((int) (at / segmentBytes));
        int start = (int) (at % segmentBytes);
        int count = Math.min(segment.capacity() - start, destination.remaining());
        destination.put(destination.position(), segment, start, count);
        destination.position(destination.position() + count);
        at += count;
      }
    } catch (InternalError e) {
      // How the JVM reports SIGBUS: the page cannot be read, or the file was cut under the mapping.
      throw new IOException(name() + ": cannot read near offset " + offset, e);
    }
  }

  @Override
  public void write(long offset, ByteBuffer source) throws IOException {
    long end = offset + source.remaining();
    try {
      super.write(offset, source);
    } finally {
      if (end > mapping.size) {
        follow(channel().size());
      }
    }
  }

  @Override
  public void resize(long size) throws IOException {
    // Readers leave the bytes that go before they go.
    follow(Math.min(size, mapping.size));
    try {
      super.resize(size);
    } finally {
      follow(channel().size());
    }
  }

  private synchronized void follow(long size) {
    mapping = mapping.resized(size);
  }

  /** The segments of a file of one size. */
  private final class Mapping {
    final long size;
    private final AtomicReferenceArray<MappedByteBuffer> segments;

    Mapping(long size) {
      this.size = size;
      this.segments =
          new AtomicReferenceArray<>(Math.toIntExact((size + segmentBytes - 1) / segmentBytes));
    }

    /** As this one, with the segments that are whole in both. */
    Mapping resized(long newSize) {
      Mapping resized = new Mapping(newSize);
      int whole = (int) (Math.min(size, newSize) / segmentBytes);
      for (int i = 0; i < whole; i++) {
        resized.segments.setPlain(i, segments.get(i));
      }
      return resized;
    }

    MappedByteBuffer segment(int index) throws IOException {
      MappedByteBuffer segment = segments.get(index);
      return segment != null ? segment : map(index);
    }

    private synchronized MappedByteBuffer map(int index) throws IOException {
      MappedByteBuffer segment = segments.get(index);
      if (segment == null) {
        long start = (long) index * segmentBytes;
        long length = Math.min(segmentBytes, size - start);
        segment = channel().map(FileChannel.MapMode.READ_ONLY, start, length);
        segments.set(index, segment);
      }
      return segment;
    }
  }
}
