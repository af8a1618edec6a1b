package snapferry.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import snapferry.device.LoopDevice;
import snapferry.posix.Descriptor;

/** Changes a stretch of a file at random, and an oracle likewise, and compares what it reads. */
@NullMarked
final class Mutation {
  private static final int MAX = 200_000;

  private final Path path;
  private final FileChannel file;
  private final byte[] oracle;
  private final int from;
  private final int end;
  private final Random random;

  /**
   * @param from where its stretch begins
   * @param end where it ends
   */
  Mutation(Path path, FileChannel file, byte[] oracle, int from, int end, Random random) {
    this.path = path;
    this.file = file;
    this.oracle = oracle;
    this.from = from;
    this.end = end;
    this.random = random;
  }

  void run(int operations) throws IOException {
    try (Descriptor holes = Descriptor.open(path, Descriptor.Access.READ_WRITE)) {
      for (int i = 0; i < operations; i++) {
        int length = 1 + random.nextInt(random.nextInt(4) == 0 ? MAX : 9000);
        int at = from + random.nextInt(end - from);
        if (random.nextInt(3) == 0) {
          at = at / 4096 * 4096;
        }
        at = Math.max(at, from);
        length = Math.min(length, end - at);
        switch (random.nextInt(20)) {
          case 0 -> {
            holes.punchHole(at, length);
            Arrays.fill(oracle, at, at + length, (byte) 0);
          }
          case 1 -> file.force(false);
          case 2 -> {
            if (i % 8 == 0) {
              zeroRange(at, length);
            }
          }
          case 3, 4, 5, 6, 7, 8, 9, 10 -> read(at, length);
          default -> write(at, length);
        }
      }
    }
  }

  private void zeroRange(int at, int length) throws IOException {
    LoopDevice.run("fallocate", "-z", "-n", "-o", "" + at, "-l", "" + length, path.toString());
    Arrays.fill(oracle, at, at + length, (byte) 0);
  }

  private void write(int at, int length) throws IOException {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    ByteBuffer source = ByteBuffer.wrap(bytes);
    while (source.hasRemaining()) {
      file.write(source, at + source.position());
    }
    System.arraycopy(bytes, 0, oracle, at, length);
  }

  private void read(int at, int length) throws IOException {
    ByteBuffer destination = ByteBuffer.allocate(length);
    while (destination.hasRemaining() && file.read(destination, at + destination.position()) > 0) {}
    assertThat(Arrays.equals(destination.array(), 0, length, oracle, at, at + length))
        .as("%d bytes at %d", length, at)
        .isTrue();
  }
}
