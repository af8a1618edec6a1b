package snapferry.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import snapferry.codec.LittleEndian;
import snapferry.failure.Failure;

/** What fincore(1) says is in the page cache after a source was read. */
class CacheUseTest {
  private static final int SIZE = (4 << 20) + 512;

  @TempDir private Path directory;
  private Path file = Path.of("");
  private byte[] content = {};

  @BeforeEach
  void writeAndEmptyTheCache() throws IOException {
    file = directory.resolve("source");
    content = new byte[SIZE];
    new Random(5).nextBytes(content);
    Files.write(file, content);
    try (FileDevice device = FileDevice.openWrite(file)) {
      device.sync();
      device.forget(0, SIZE);
    }
  }

  @Test
  void whatIsKeptStaysInThePageCache() throws Exception {
    readAll(CacheUse.KEEP);
    assertThat(cached()).isGreaterThan(SIZE / 2);
  }

  @Test
  void whatIsDroppedIsGoneFromThePageCache() throws Exception {
    readAll(CacheUse.DROP);
    // What the kernel read ahead of the last read may stay.
    assertThat(cached()).isLessThan(SIZE / 4);
  }

  @Test
  void aDirectReadLeavesOnlyTheOddEndInThePageCache() throws Exception {
    try {
      Volumes.openSource(file, CacheUse.DIRECT).close();
    } catch (Failure e) {
      assumeTrue(false, "this file system has no O_DIRECT: " + e.getMessage());
    }
    readAll(CacheUse.DIRECT);
    assertThat(cached()).isLessThan(SIZE / 4);
  }

  @Test
  void aDirectReadOfWhatIsNotAlignedIsRightToo() throws Exception {
    try (BlockDevice source = Volumes.openSource(file, CacheUse.DIRECT)) {
      ByteBuffer heap = ByteBuffer.allocate(1000);
      source.read(513, heap);
      assertThat(heap.flip()).isEqualTo(ByteBuffer.wrap(content, 513, 1000).slice());
    } catch (Failure e) {
      assumeTrue(false, "this file system has no O_DIRECT: " + e.getMessage());
    }
  }

  private void readAll(CacheUse use) throws IOException {
    try (BlockDevice source = Volumes.openSource(file, use)) {
      ByteBuffer bytes = LittleEndian.direct(SIZE);
      int step = 256 << 10;
      for (int at = 0; at < SIZE; at += step) {
        source.read(at, bytes.limit(Math.min(SIZE, at + step)).position(at));
      }
      assertThat(bytes.rewind()).isEqualTo(ByteBuffer.wrap(content));
    }
  }

  private long cached() throws IOException, InterruptedException {
    Process fincore =
        new ProcessBuilder("fincore", "--bytes", "--noheadings", "--output", "RES", file.toString())
            .start();
    String bytes = new String(fincore.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertThat(fincore.waitFor()).isZero();
    return Long.parseLong(bytes.strip());
  }
}
