package snapferry.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToIntFunction;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.delta.Zeros;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * The fields that messages are made of, in little-endian buffers, and the bounds that several of
 * them share.
 */
final class Fields {
  /** More blocks than any volume has: the largest volume in the smallest blocks. */
  static final long MAX_BLOCKS = Geometry.MAX_SIZE / BlockSize.PAGE;

  private Fields() {}

  static int u8(ByteBuffer in) {
    return Byte.toUnsignedInt(in.get());
  }

  static int u16(ByteBuffer in) {
    return Short.toUnsignedInt(in.getShort());
  }

  /** Skips {@code length} reserved bytes. */
  static void zeros(ByteBuffer in, int length) throws FormatException {
    if (!Zeros.isZero(in, in.position(), length)) {
      throw new FormatException("reserved bytes that are not zero");
    }
    in.position(in.position() + length);
  }

  /** A byte of which only the bits of {@code known} may be set. */
  static int flags(ByteBuffer in, int known) throws FormatException {
    int flags = u8(in);
    if ((flags & ~known) != 0) {
      throw new FormatException("unknown flags " + flags);
    }
    return flags;
  }

  /** The one of {@code values} whose code is {@code code}. */
  static <E extends Enum<E>> E oneOf(E[] values, ToIntFunction<E> codeOf, int code)
      throws FormatException {
    for (E value : values) {
      if (codeOf.applyAsInt(value) == code) {
        return value;
      }
    }
    throw new FormatException(
        "unknown " + values[0].getDeclaringClass().getSimpleName() + " " + code);
  }

  /** A length as u16, then as many bytes of UTF-8. */
  static String text(ByteBuffer in) throws FormatException {
    int length = in.remaining() < Short.BYTES ? Short.BYTES : u16(in);
    if (length > in.remaining()) {
      throw new FormatException("text of " + length + " bytes, " + in.remaining() + " are left");
    }
    return utf8(in, length);
  }

  static void putText(ByteBuffer out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.putShort((short) bytes.length).put(bytes);
  }

  /** The next {@code length} bytes as text. */
  static String utf8(ByteBuffer in, int length) throws FormatException {
    ByteBuffer bytes = in.slice(in.position(), length);
    in.position(in.position() + length);
    try {
      // Not new String(): that would replace what is malformed instead of refusing it.
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException("text that is not UTF-8");
    }
  }

  /**
   * The beginning of {@code text} that takes at most {@code limit} bytes of UTF-8 and splits no
   * character.
   */
  static String cut(String text, int limit) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int end = Math.min(bytes.length, limit);
    while (end < bytes.length && (bytes[end] & 0xc0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /** What is left, as a little-endian view. */
  static ByteBuffer rest(ByteBuffer in) {
    ByteBuffer rest = LittleEndian.slice(in, in.position(), in.remaining());
    in.position(in.limit());
    return rest;
  }

  /** Refuses a u64 that counts something and is out of bounds. */
  static void requireCount(String what, long count) {
    if (count < 0) {
      throw new IllegalArgumentException(what + " " + Long.toUnsignedString(count));
    }
  }

  /** Refuses block numbers, or others that count on, that are not strictly ascending. */
  static void requireAscending(List<Long> numbers) {
    long previous = -1;
    for (long number : numbers) {
      if (number <= previous || number >= MAX_BLOCKS) {
        throw new IllegalArgumentException(
            "number " + Long.toUnsignedString(number) + " after " + previous);
      }
      previous = number;
    }
  }

  /** Refuses a run of blocks that no volume has. */
  static void requireBlocks(long first, long count) {
    if (first < 0 || count < 1 || first > MAX_BLOCKS || count > MAX_BLOCKS - first) {
      throw new IllegalArgumentException(
          "no run of blocks: "
              + Long.toUnsignedString(count)
              + " from "
              + Long.toUnsignedString(first));
    }
  }
}
