package snapferry.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;
import snapferry.codec.Crc32c;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/**
 * Cuts the stream of the other end into frames. Reads ahead as much as there is; a DELTA payload,
 * which may be worked on by another thread, goes to a buffer of its own, all others are read where
 * they arrived.
 *
 * <p>For use by one thread. Failures to read are {@link ExitCode#TRANSPORT}.
 */
public final class FrameReader {
  private static final int READ_AHEAD = 64 << 10;

  private final ReadableByteChannel channel;
  private final BufferPool pool;
  private final Crc32c crc = new Crc32c();
  private ByteBuffer ahead;

  /**
   * A reader at the beginning of a stream.
   *
   * @param channel blocking; a file or socket channel reads without a detour
   * @param pool for DELTA payloads: buffers of at least the limit of that type
   */
  public FrameReader(ReadableByteChannel channel, BufferPool pool) {
    if (pool.bufferSize() < FrameType.DELTA.maxPayload()) {
      throw new IllegalArgumentException("buffers of only " + pool.bufferSize() + " bytes");
    }
    this.channel = channel;
    this.pool = pool;
    ahead = readAhead(0).flip();
  }

  /** A buffer for {@code length} bytes, behind most of which a read is still worth its call. */
  private static ByteBuffer readAhead(int length) {
    return LittleEndian.direct(length + READ_AHEAD);
  }

  /**
   * Reads the preface.
   *
   * @throws Failure {@link ExitCode#TRANSPORT} if something else comes, or nothing; says what
   */
  public void preface() throws Failure {
    boolean more = true;
    while (more && ahead.remaining() < Preface.LENGTH && Preface.matches(ahead)) {
      more = fill(ahead.remaining() + 1);
    }
    if (!Preface.matches(ahead)) {
      throw Preface.refusal(ahead);
    }
    if (!more) {
      throw Preface.tooShort(ahead);
    }
    ahead.position(ahead.position() + Preface.LENGTH);
  }

  /**
   * The next frame, or null at the end of the stream. The payload of a DELTA frame is a buffer of
   * the pool, and whoever has the frame must give it back; that of any other frame is valid until
   * the next call.
   *
   * @throws FormatException if the header is not one that an encoder writes
   * @throws Failure {@link ExitCode#TRANSPORT} if the stream ends inside the frame; {@link
   *     ExitCode#INTEGRITY} if its checksum is wrong; as {@link BufferPool#take} if it is a DELTA
   *     frame
   */
  public @Nullable Frame next() throws IOException {
    if (!fill(FrameHeader.LENGTH)) {
      if (ahead.hasRemaining()) {
        throw cut("a frame's header");
      }
      return null;
    }
    FrameHeader header = FrameHeader.parse(ahead);
    return new Frame(header.type(), header.type() == FrameType.DELTA ? own(header) : view(header));
  }

  private ByteBuffer view(FrameHeader header) throws Failure {
    if (!fill(header.length())) {
      throw cut("a " + header.type() + " frame");
    }
    ByteBuffer payload = LittleEndian.slice(ahead, ahead.position(), header.length());
    ahead.position(ahead.position() + header.length());
    header.requireIntact(payload, crc);
    return payload;
  }

  private ByteBuffer own(FrameHeader header) throws Failure {
    ByteBuffer payload = pool.take();
    try {
      payload.limit(header.length());
      int there = Math.min(header.length(), ahead.remaining());
      payload.put(ahead.slice(ahead.position(), there));
      ahead.position(ahead.position() + there);
      while (payload.hasRemaining()) {
        if (!read(payload)) {
          throw cut("a DELTA frame");
        }
      }
      header.requireIntact(payload.flip(), crc);
      return payload;
    } catch (Failure e) {
      pool.give(payload);
      throw e;
    }
  }

  /**
   * Reads until {@code length} bytes lie ahead, which the limits of the frame types bound; false if
   * the stream ends before.
   */
  private boolean fill(int length) throws Failure {
    if (ahead.remaining() >= length) {
      return true;
    }
    ahead = length <= ahead.capacity() ? ahead.compact() : readAhead(length).put(ahead);
    boolean more = true;
    while (more && ahead.position() < length) {
      more = read(ahead);
    }
    ahead.flip();
    return more;
  }

  private boolean read(ByteBuffer buffer) throws Failure {
    try {
      return channel.read(buffer) >= 0;
    } catch (Failure e) {
      throw e;
    } catch (IOException e) {
      throw new Failure(
          ExitCode.TRANSPORT, "reading from the other end failed: " + e.getMessage(), e);
    }
  }

  private static Failure cut(String where) {
    return new Failure(ExitCode.TRANSPORT, "the stream of the other end ends inside " + where);
  }
}
