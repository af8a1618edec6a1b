package snapferry.codec;

import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/**
 * LZ4 blocks (no frame format around them) in direct or heap buffers. Safe for use by several
 * threads.
 */
public final class Lz4 {
  private static final LZ4Factory FACTORY = factory();
  private static final LZ4Compressor COMPRESSOR = FACTORY.fastCompressor();
  // Only the safe one: it knows how many bytes there are to read, the "fast" one trusts the stream.
  private static final LZ4SafeDecompressor DECOMPRESSOR = FACTORY.safeDecompressor();

  private Lz4() {}

  private static LZ4Factory factory() {
    try {
      return LZ4Factory.nativeInstance();
    } catch (LinkageError e) {
      // No native code for this machine, or no place to unpack it: right all the same, several
      // times slower.
      return LZ4Factory.fastestJavaInstance();
    }
  }

  /**
   * Which implementation is in use, for {@code --version -v}: {@code LZ4Factory:JNI} where all is
   * well.
   */
  public static String implementation() {
    return FACTORY.toString();
  }

  /** The most bytes that {@code length} bytes become. */
  public static int maxCompressedLength(int length) {
    return COMPRESSOR.maxCompressedLength(length);
  }

  /**
   * Compresses {@code source[from, from + length)} to {@code target}, from {@code at} on, where
   * there must be room for {@link #maxCompressedLength} bytes. Positions and limits stay as they
   * are.
   *
   * @return bytes written
   */
  public static int compress(ByteBuffer source, int from, int length, ByteBuffer target, int at) {
    return COMPRESSOR.compress(source, from, length, target, at, maxCompressedLength(length));
  }

  /**
   * Decompresses {@code source[from, from + length)}, which must become exactly {@code
   * targetLength} bytes, to {@code target}, from {@code at} on. Positions and limits stay as they
   * are. Not one byte beyond either range is touched.
   *
   * @throws Failure {@link ExitCode#INTEGRITY} if it is no LZ4 block, or one of another length
   */
  public static void decompress(
      ByteBuffer source, int from, int length, ByteBuffer target, int at, int targetLength)
      throws Failure {
    int got;
    try {
      got = DECOMPRESSOR.decompress(source, from, length, target, at, targetLength);
    } catch (LZ4Exception e) {
      throw new Failure(ExitCode.INTEGRITY, "a malformed LZ4 block", e);
    }
    if (got != targetLength) {
      throw new Failure(
          ExitCode.INTEGRITY,
          "an LZ4 block of " + got + " bytes where " + targetLength + " are due");
    }
  }
}
