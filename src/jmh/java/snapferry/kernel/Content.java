package snapferry.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import snapferry.codec.LittleEndian;

/** What the blocks of a benchmark hold: enough of them to be out of the first two caches. */
@NullMarked
public enum Content {
  /** Zeros. */
  ZERO,
  /** Lines as of a log. */
  TEXT,
  /** Random bytes. */
  NOISE;

  /**
   * Bytes of a block. Benchmarks count bytes as operations, so JMH's operations in a microsecond
   * are MB in a second.
   */
  public static final int BLOCK = 64 << 10;

  /** Bytes that {@link #make} makes. */
  public static final int LENGTH = 128 * BLOCK;

  private static final long SEED = 1;

  /** Always the same bytes, in a direct buffer. */
  public ByteBuffer make() {
    Random random = new Random(SEED);
    ByteBuffer bytes = LittleEndian.direct(LENGTH);
    while (this != ZERO && bytes.hasRemaining()) {
      if (this == NOISE) {
        bytes.putLong(random.nextLong());
      } else {
        byte[] line = line(random);
        bytes.put(line, 0, Math.min(line.length, bytes.remaining()));
      }
    }
    return bytes.clear();
  }

  private static byte[] line(Random random) {
    String[] levels = {"INFO", "DEBUG", "WARN", "ERROR"};
    String text =
        "2026-01-%02d %08d %s request %08x took %d ms%n"
            .formatted(
                random.nextInt(31),
                random.nextInt(86_400_000),
                levels[random.nextInt(levels.length)],
                random.nextInt(),
                random.nextInt(3000));
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Where the block after the one at {@code offset} begins; after the last comes the first. */
  public static int next(int offset) {
    return (offset + BLOCK) % LENGTH;
  }
}
