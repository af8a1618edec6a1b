package snapferry.replicate;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.jspecify.annotations.NullMarked;

/** What can happen to a stream of frames on its way, or what a peer that has gone mad may send. */
@NullMarked
enum Garbling {
  BITS_FLIPPED,
  BYTES_DROPPED,
  BYTES_INSERTED,
  BYTES_REPEATED,
  BYTES_MOVED,
  FRAME_DROPPED,
  FRAME_REPEATED,
  FRAMES_SWAPPED,
  /** A frame with other content, and the checksum that goes with it. */
  FRAME_FORGED,
  /** A frame of another type, and the checksum that goes with it. */
  TYPE_FORGED;

  static final int PREFACE = 8;
  static final int HEADER = 12;
  private static final int TYPES = 13;

  /** Another stream than {@code stream}. */
  byte[] of(byte[] stream, Random random) {
    byte[] garbled = garble(stream, random);
    return Arrays.equals(garbled, stream) ? BITS_FLIPPED.of(stream, random) : garbled;
  }

  private byte[] garble(byte[] stream, Random random) {
    int at = random.nextInt(stream.length);
    int end = Math.min(stream.length, at + 1 + random.nextInt(40));
    return switch (this) {
      case BITS_FLIPPED -> {
        byte[] flipped = stream.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
          flipped[random.nextInt(stream.length)] ^= (byte) (1 << random.nextInt(8));
        }
        yield flipped;
      }
      case BYTES_DROPPED -> join(part(stream, 0, at), part(stream, end, stream.length));
      case BYTES_INSERTED -> {
        byte[] more = new byte[end - at];
        random.nextBytes(more);
        yield join(part(stream, 0, at), more, part(stream, at, stream.length));
      }
      case BYTES_REPEATED -> join(part(stream, 0, end), part(stream, at, stream.length));
      case BYTES_MOVED -> {
        int to = end + random.nextInt(stream.length - end + 1);
        yield join(
            part(stream, 0, at),
            part(stream, end, to),
            part(stream, at, end),
            part(stream, to, stream.length));
      }
      default -> frames(stream, random);
    };
  }

  private byte[] frames(byte[] stream, Random random) {
    List<byte[]> frames = frames(stream);
    int at = random.nextInt(frames.size());
    switch (this) {
      case FRAME_DROPPED -> frames.remove(at);
      case FRAME_REPEATED -> frames.add(random.nextInt(frames.size() + 1), frames.get(at));
      case FRAMES_SWAPPED -> Collections.swap(frames, at, random.nextInt(frames.size()));
      case FRAME_FORGED -> frames.set(at, forged(frames.get(at).clone(), random));
      default -> {
        byte[] frame = frames.get(at).clone();
        frame[0] = (byte) (1 + random.nextInt(TYPES));
        frames.set(at, sealed(frame));
      }
    }
    byte[][] parts = new byte[frames.size() + 1][];
    parts[0] = part(stream, 0, PREFACE);
    for (int i = 0; i < frames.size(); i++) {
      parts[i + 1] = frames.get(i);
    }
    return join(parts);
  }

  private static byte[] forged(byte[] frame, Random random) {
    int length = frame.length - HEADER;
    if (length == 0) {
      return frame;
    }
    for (int i = random.nextInt(2); i >= 0; i--) {
      int at = HEADER + random.nextInt(length);
      switch (random.nextInt(4)) {
        case 0 -> frame[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> frame[at]++;
        case 2 -> frame[at] = (byte) -random.nextInt(2);
        default ->
            Arrays.fill(
                frame, at, Math.min(frame.length, at + 8), (byte) (0xff * random.nextInt(2)));
      }
    }
    return sealed(frame);
  }

  /** The frame with the checksum that goes with it. */
  static byte[] sealed(byte[] frame) {
    CRC32C crc = new CRC32C();
    crc.update(frame, 0, 8);
    crc.update(frame, HEADER, frame.length - HEADER);
    ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putInt(8, (int) crc.getValue());
    return frame;
  }

  /** The frames of a stream, each with its header. */
  static List<byte[]> frames(byte[] stream) {
    List<byte[]> frames = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(stream).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = PREFACE; at < stream.length; ) {
      int length = HEADER + in.getInt(at + 4);
      frames.add(part(stream, at, at + length));
      at += length;
    }
    return frames;
  }

  private static byte[] part(byte[] stream, int from, int to) {
    return Arrays.copyOfRange(stream, from, to);
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }
}
