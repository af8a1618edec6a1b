package snapferry.wire;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import org.jspecify.annotations.NullMarked;
import snapferry.codec.Crc32c;
import snapferry.codec.LittleEndian;

/**
 * Fuzz target: a peer that knows the checksum. The input is its frames, each as {@code type u8 |
 * length u16 | payload}; they are sealed and read as a stream. What is accepted is what an encoder
 * writes, byte for byte; but of an ERROR the exit code may be one that this version does not know.
 */
@NullMarked
public final class StreamFuzz {
  private static final BufferPool POOL = new BufferPool(1, FrameType.DELTA.maxPayload());

  private StreamFuzz() {}

  /** The entry of Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    FrameReader reader =
        new FrameReader(Channels.newChannel(new ByteArrayInputStream(stream(input))), POOL);
    try {
      reader.preface();
      for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
        if (frame.type() == FrameType.DELTA) {
          POOL.give(frame.payload());
        } else {
          check(frame);
        }
      }
    } catch (IOException e) {
      // Refused: as it should be.
    }
  }

  private static void check(Frame frame) throws IOException {
    Message message = frame.message();
    ByteBuffer again = Samples.payload(message);
    boolean same =
        message instanceof ErrorMessage
            ? Frames.decode(frame.type(), again).equals(message)
            : again.equals(frame.payload());
    if (!same) {
      throw new AssertionError(message + " is accepted, but no encoder writes it");
    }
  }

  private static byte[] stream(byte[] input) {
    ByteBuffer in = LittleEndian.wrap(input);
    ByteBuffer out = LittleEndian.heap(Preface.LENGTH + 5 * input.length + FrameHeader.LENGTH);
    Preface.write(out);
    while (in.remaining() > Byte.BYTES + Short.BYTES) {
      int start = out.position();
      int type = in.get();
      int length = Math.min(Short.toUnsignedInt(in.getShort()), in.remaining());
      out.put(new byte[FrameHeader.LENGTH]).put(in.slice(in.position(), length));
      in.position(in.position() + length);
      out.putInt(start, type & 0xff).putInt(start + 4, length);
      Crc32c crc = new Crc32c().add(out, start, start + 8);
      out.putInt(start + 8, crc.add(out, start + FrameHeader.LENGTH, out.position()).value());
    }
    return Samples.bytes(out.flip());
  }
}
