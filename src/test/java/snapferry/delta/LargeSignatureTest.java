package snapferry.delta;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import snapferry.device.Storage;

/**
 * The signature of 1 TiB of zeros, in a real file: 16.7 million blocks that must cost next to
 * nothing.
 */
class LargeSignatureTest {
  private static final long BLOCKS = 1L << 24;
  private static final SignatureShape SHAPE = Volume.shape(BLOCKS << 16, 1 << 16, HashKind.FAST128);

  @TempDir private Path directory;

  @Test
  @Timeout(10)
  void aTebibyteOfZerosIsQuickAndTakesNoSpace() throws IOException, InterruptedException {
    Path file = directory.resolve("signature");
    try (Signature signature = Signature.create(new FileStorage(file), SHAPE)) {
      RootHash zero = signature.root();
      signature.rebuildTree();
      assertThat(signature.root()).isEqualTo(zero);
      assertThat(signature.nextNonZero(0, BLOCKS)).isEqualTo(BLOCKS);
      signature.putZeros(0, BLOCKS);

      ByteBuffer entry = Volume.randomEntry(SHAPE, new SplittableRandom(51));
      signature.putEntry(BLOCKS - 7, entry);
      TreeUpdate update = new TreeUpdate(signature, signature);
      update.putZeros(0, BLOCKS - 7);
      update.put(BLOCKS - 7, entry, 0);
      assertThat(update.finish()).isEqualTo(signature.root()).isNotEqualTo(zero);
      assertThat(signature.nextNonZero(0, BLOCKS)).isEqualTo(BLOCKS - 7);
      signature.sync();
    }
    assertThat(occupied(file)).isLessThan(1 << 20);
  }

  @Test
  void leapingOverATebibyteOfZerosTakesAMomentEachTime() throws IOException {
    try (Signature signature =
        Signature.create(new FileStorage(directory.resolve("signature")), SHAPE)) {
      long start = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        assertThat(signature.nextNonZero(i, BLOCKS)).isEqualTo(BLOCKS);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }
  }

  private static long occupied(Path file) throws IOException, InterruptedException {
    Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
    String blocks = new String(stat.getInputStream().readAllBytes(), US_ASCII).strip();
    assertThat(stat.waitFor()).isZero();
    return Long.parseLong(blocks) * 512;
  }

  private record FileStorage(FileChannel file) implements Storage {
    FileStorage(Path path) throws IOException {
      this(
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void read(long offset, ByteBuffer destination) throws IOException {
      long at = offset;
      while (destination.hasRemaining()) {
        int read = file.read(destination, at);
        if (read < 0) {
          throw new EOFException();
        }
        at += read;
      }
    }

    @Override
    public void write(long offset, ByteBuffer source) throws IOException {
      long at = offset;
      while (source.hasRemaining()) {
        at += file.write(source, at);
      }
    }

    @Override
    public void resize(long size) throws IOException {
      file.truncate(size);
      if (size > file.size()) {
        file.write(ByteBuffer.allocate(1), size - 1);
      }
    }

    @Override
    public void sync() throws IOException {
      file.force(true);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
