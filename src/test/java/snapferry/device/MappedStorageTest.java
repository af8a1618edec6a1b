package snapferry.device;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

class MappedStorageTest {
  private static final int SEGMENT = 8192;
  private static final int SIZE = 3 * SEGMENT + 100;
  private static final long SEED = 20;

  @TempDir Path directory;
  private final byte[] content = new byte[SIZE];
  private MappedStorage storage;

  @BeforeEach
  void openFilled() throws IOException {
    FileChannel channel = FileChannel.open(directory.resolve("signature"), CREATE, READ, WRITE);
    storage = new MappedStorage("signature", channel, SEGMENT);
    new Random(SEED).nextBytes(content);
    storage.write(0, ByteBuffer.wrap(content));
  }

  @AfterEach
  void close() throws IOException {
    storage.close();
  }

  private byte[] read(long offset, ByteBuffer buffer) throws IOException {
    int length = buffer.remaining();
    storage.read(offset, buffer);
    byte[] bytes = new byte[length];
    buffer.flip().get(bytes);
    return bytes;
  }

  private byte[] expected(int offset, int length) {
    return Arrays.copyOfRange(content, offset, offset + length);
  }

  @Test
  void readsCrossSegmentBorders() throws IOException {
    for (int length : new int[] {1, 2, 300, SEGMENT, 2 * SEGMENT + 7}) {
      for (int offset : new int[] {0, SEGMENT - 1, SEGMENT, SIZE - length}) {
        assertThat(read(offset, ByteBuffer.allocate(length)))
            .as("heap, offset %d, length %d", offset, length)
            .isEqualTo(expected(offset, length));
        assertThat(read(offset, ByteBuffer.allocateDirect(length)))
            .as("direct, offset %d, length %d", offset, length)
            .isEqualTo(expected(offset, length));
      }
    }
  }

  @Test
  void readsGoToThePositionOfTheBuffer() throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(100).position(10).limit(20);
    storage.read(SEGMENT - 5, buffer);
    assertThat(buffer.position()).isEqualTo(20);
    assertThat(Arrays.copyOfRange(buffer.array(), 10, 20)).isEqualTo(expected(SEGMENT - 5, 10));
  }

  @Test
  void writesShowInWhatIsMappedAlready() throws IOException {
    read(0, ByteBuffer.allocate(SIZE));
    storage.write(SEGMENT - 2, ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
    assertThat(read(SEGMENT - 2, ByteBuffer.allocate(4))).containsExactly(1, 2, 3, 4);
  }

  @Test
  void readingBeyondTheEndIsAnErrorAndNoFault() throws IOException {
    assertThatThrownBy(() -> read(SIZE - 1, ByteBuffer.allocate(2)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("signature");
    assertThatThrownBy(() -> read(-1, ByteBuffer.allocate(2))).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read(Long.MAX_VALUE, ByteBuffer.allocate(2)))
        .isInstanceOf(IOException.class);
    storage.resize(SEGMENT);
    assertThatThrownBy(() -> read(SEGMENT, ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
  }

  @Test
  void aFileThatGrowsIsReadableToItsNewEnd() throws IOException {
    read(0, ByteBuffer.allocate(SIZE));
    storage.write(SIZE, ByteBuffer.wrap(new byte[] {9}));
    assertThat(storage.size()).isEqualTo(SIZE + 1);
    assertThat(read(SIZE, ByteBuffer.allocate(1))).containsExactly(9);
    storage.resize(10 * SEGMENT);
    assertThat(read(9 * SEGMENT, ByteBuffer.allocate(SEGMENT))).containsOnly(0);
    assertThat(read(0, ByteBuffer.allocate(SIZE))).isEqualTo(content);
  }

  @Test
  void whatAFileLostByShrinkingIsZeroWhenItGrows() throws IOException {
    read(0, ByteBuffer.allocate(SIZE));
    storage.resize(SEGMENT + 10);
    storage.resize(SIZE);
    assertThat(read(0, ByteBuffer.allocate(SEGMENT + 10))).isEqualTo(expected(0, SEGMENT + 10));
    assertThat(read(SEGMENT + 10, ByteBuffer.allocate(SEGMENT))).containsOnly(0);
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_25, disabledReason = "older JVMs report faults late")
  void aFileCutBehindOurBackIsAnErrorAndNoCrash() throws IOException {
    read(0, ByteBuffer.allocate(SIZE));
    try (FileChannel other = FileChannel.open(directory.resolve("signature"), WRITE)) {
      other.truncate(0);
    }
    ByteBuffer heap = ByteBuffer.allocate(4096);
    ByteBuffer direct = ByteBuffer.allocateDirect(64);
    for (int i = 0; i < 20_000; i++) { // Interpreted first, compiled later: the fault differs.
      assertThat(isUnreadable(heap)).isTrue();
      assertThat(isUnreadable(direct)).isTrue();
    }
  }

  private boolean isUnreadable(ByteBuffer buffer) {
    try {
      storage.read(SEGMENT, buffer.clear());
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void severalThreadsReadAtOnce() throws Exception {
    FutureTask<?>[] readers = new FutureTask<?>[4];
    for (int i = 0; i < readers.length; i++) {
      Random random = new Random(SEED + i);
      readers[i] = new FutureTask<>(() -> readAtRandom(random), null);
      new Thread(readers[i]).start();
    }
    for (FutureTask<?> reader : readers) {
      reader.get();
    }
  }

  private void readAtRandom(Random random) {
    try {
      for (int i = 0; i < 2000; i++) {
        int offset = random.nextInt(SIZE);
        int length = random.nextInt(SIZE - offset) + 1;
        byte[] read = read(offset, ByteBuffer.allocate(length));
        assertThat(Arrays.equals(read, expected(offset, length)))
            .as("seed %d, offset %d, length %d", SEED, offset, length)
            .isTrue();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aClosedStorageIsNotRead() throws IOException {
    read(0, ByteBuffer.allocate(1));
    storage.close();
    assertThatThrownBy(() -> read(0, ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
  }
}
