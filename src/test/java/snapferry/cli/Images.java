package snapferry.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.NullMarked;

/** Volumes for tests: random bytes with a hole behind them. */
@NullMarked
final class Images {
  static final int SIZE = 4 << 20;
  static final int RANDOM = 1 << 20;
  static final int BLOCK = 64 << 10;

  private Images() {}

  /** Makes a volume of {@link #SIZE} bytes, of which the first {@link #RANDOM} are random. */
  static Path make(Path path, long seed) throws IOException {
    return make(path, seed, RANDOM, SIZE);
  }

  /** Makes a volume of {@code size} bytes, of which the first {@code filled} are random. */
  static Path make(Path path, long seed, int filled, long size) throws IOException {
    byte[] bytes = new byte[filled];
    new Random(seed).nextBytes(bytes);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(bytes);
      file.setLength(size);
    }
    return path;
  }

  /** Changes the byte at {@code offset}. */
  static void flip(Path path, long offset) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(offset);
      int old = file.read();
      file.seek(offset);
      file.write(old ^ 1);
    }
  }
}
