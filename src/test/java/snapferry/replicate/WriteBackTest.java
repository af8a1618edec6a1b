package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import snapferry.device.BlockDevice;
import snapferry.device.DeviceView;
import snapferry.device.FileDevice;
import snapferry.extent.Extent;

@NullMarked
class WriteBackTest {
  private static final long MIB = 1L << 20;
  private static final long SIZE = 1L << 40;
  private static final long WRITE = 4 * MIB;

  /** So many writes are left to the system. */
  private static final int LEFT = 16;

  @TempDir private Path directory;

  /** What the disk was let begin with, and what was forgotten. */
  private static final class Watched extends DeviceView {
    private final List<Extent> begun = new ArrayList<>();
    private final List<Extent> forgotten = new ArrayList<>();

    Watched(BlockDevice device) {
      super(device);
    }

    @Override
    public void startWriteBack(long offset, long length) throws IOException {
      super.startWriteBack(offset, length);
      begun.add(new Extent(offset, length));
    }

    @Override
    public void forget(long offset, long length) throws IOException {
      super.forget(offset, length);
      forgotten.add(new Extent(offset, length));
    }
  }

  private Watched device() throws IOException {
    return new Watched(FileDevice.create(directory.resolve("image"), SIZE));
  }

  /** As a seed writes: ever further on, with holes between. */
  private static void write(WriteBack writeBack, int times) throws IOException {
    for (long i = 0; i < times; i++) {
      writeBack.wrote(i * 3 * WRITE, WRITE);
    }
  }

  @Test
  void theDiskBeginsWithAllButTheFirstLongBeforeTheSync() throws Exception {
    try (Watched device = device()) {
      write(new WriteBack(device, SIZE), 1000);
      assertThat(device.begun).hasSize((1000 - LEFT) / 2);
      assertThat(device.begun.get(0)).isEqualTo(new Extent(LEFT * 3 * WRITE, 4 * WRITE));
      for (long i = LEFT; i < 1000; i++) {
        long offset = i * 3 * WRITE;
        assertThat(device.begun).anyMatch(each -> contains(each, offset));
      }
    }
  }

  @Test
  void whatTheDiskBeganWithIsForgottenOnceAndOnlyLater() throws Exception {
    try (Watched device = device()) {
      WriteBack writeBack = new WriteBack(device, SIZE);
      write(writeBack, 32);
      assertThat(device.forgotten).as("the disk has had no time yet").isEmpty();
      write(writeBack, 968);
      assertThat(device.forgotten).isEqualTo(device.begun.subList(0, device.forgotten.size()));
      assertThat(device.forgotten.size()).isEqualTo(device.begun.size() - 16);
    }
  }

  @Test
  void aSmallSeedIsLeftToTheSystem() throws Exception {
    try (Watched device = device()) {
      write(new WriteBack(device, LEFT * WRITE), LEFT);
      assertThat(device.begun).isEmpty();
    }
  }

  private static boolean contains(Extent extent, long offset) {
    return extent.offset() <= offset && offset + WRITE <= extent.end();
  }
}
