package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import snapferry.device.BlockDevice;
import snapferry.device.FileDevice;
import snapferry.extent.Extent;

/**
 * Tebibytes with little in them, in a process with 64 MiB of memory: holes are leapt over and not
 * read, memory does not grow with the volume, and what is remembered of holes are holes.
 */
@NullMarked
class TebibyteTest {
  private static final long GIB = 1L << 30;
  private static final long SIZE = 17 * 1024 * GIB + 512;

  /** Where files may have more than the 16 TiB of ext4. */
  private static final Path MEMORY = Path.of("/dev/shm");

  private static final long SMALL = 8L << 20;
  private static final int PIECE = 1 << 20;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  @Test
  @Timeout(120)
  void aSparseVolumeOf17TebibytesIsReplicatedInSecondsAndLittleMemory() throws Exception {
    assumeTrue(Files.isWritable(MEMORY), "no /dev/shm for files of that size");
    Path directory = Files.createTempDirectory(MEMORY, "snapferry");
    try {
      checkReplicated(directory);
    } finally {
      remove(directory);
    }
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void checkReplicated(Path directory) throws Exception {
    Path source = directory.resolve("source.img");
    Path target = directory.resolve("target.img");
    makeSource(source);

    String seeded = push(directory, "none");
    assertThat(seeded).contains("epoch=1,");
    assertThat(number(seeded, "bytesRead")).isLessThan(SMALL);
    checkEqual(source, target);

    write(source, 300 * GIB + 8192, 5000);
    String updated = push(directory, "none");
    assertThat(updated).contains("epoch=2,").contains("blocksChanged=1,");
    assertThat(number(updated, "bytesSent")).isLessThan(64 << 10);
    checkEqual(source, target);

    write(source, 16 * 1024 * GIB, 512);
    String compared = push(directory, "full");
    assertThat(compared).contains("epoch=3,").contains("blocksChanged=1,");
    assertThat(number(compared, "basisRead")).isLessThan(SMALL);
    checkEqual(source, target);

    assertThat(allocated(directory.resolve("state"))).as("source's state").isLessThan(SMALL);
    assertThat(allocated(directory.resolve("target.img.snapferry"))).isLessThan(SMALL);
    assertThat(allocated(target)).isLessThan(SMALL);
  }

  private void makeSource(Path source) throws IOException {
    try {
      FileDevice.create(source, SIZE).close();
    } catch (IOException e) {
      assumeTrue(false, "no file of that size here: " + e.getMessage());
    }
    assumeTrue(allocated(source) < SMALL, "no sparse files here");
    write(source, 0, 64 << 10);
    write(source, 100 * GIB + 3 * 4096, 5000);
    write(source, 511 * GIB - 512, PIECE);
    write(source, SIZE - 700, 700);
  }

  private void write(Path file, long offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    try (BlockDevice device = FileDevice.openWrite(file)) {
      device.write(offset, ByteBuffer.wrap(bytes));
    }
  }

  private String push(Path directory, String wish) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                LocalPush.class.getName(),
                directory.resolve("source.img").toString(),
                directory.resolve("target.img").toString(),
                directory.resolve("state").toString(),
                wish)
            .redirectErrorStream(true)
            .start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
      assertThat(process.exitValue()).as(said).isZero();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  private static long number(String summary, String field) {
    String rest = summary.substring(summary.indexOf(field + "=") + field.length() + 1);
    return Long.parseLong(rest.substring(0, rest.indexOf(',')));
  }

  private void checkEqual(Path source, Path target) throws IOException {
    try (BlockDevice one = FileDevice.openRead(source);
        BlockDevice other = FileDevice.openRead(target)) {
      assertThat(other.size()).isEqualTo(one.size());
      checkExtents(one, other);
      checkExtents(other, one);
    }
  }

  /** What is allocated in {@code one} is the same in {@code other}. */
  private void checkExtents(BlockDevice one, BlockDevice other) throws IOException {
    @Nullable Extent extent = one.nextAllocated(0);
    while (extent != null) {
      for (long at = extent.offset(); at < extent.end(); at += PIECE) {
        int length = (int) Math.min(PIECE, extent.end() - at);
        assertThat(read(one, at, length))
            .as("at %d, seed %d", at, seed)
            .isEqualTo(read(other, at, length));
      }
      extent = one.nextAllocated(extent.end());
    }
  }

  private static ByteBuffer read(BlockDevice device, long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    device.read(offset, bytes);
    return bytes.flip();
  }

  /** Bytes that a file or a directory takes on the disk. */
  private static long allocated(Path path) throws IOException {
    Process du =
        new ProcessBuilder("du", "-s", "--block-size=1", path.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return Long.parseLong(said.split("\\s", 2)[0]);
  }
}
