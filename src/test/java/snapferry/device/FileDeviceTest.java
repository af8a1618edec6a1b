package snapferry.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import snapferry.extent.Extent;

class FileDeviceTest {
  private static final int MIB = 1 << 20;
  private static final long TIB = 1L << 40;

  @TempDir Path directory;

  private Path filled(String name, int size) throws IOException {
    byte[] content = new byte[size];
    Arrays.fill(content, (byte) 0x55);
    return Files.write(directory.resolve(name), content);
  }

  private static ByteBuffer ones(int size) {
    byte[] content = new byte[size];
    Arrays.fill(content, (byte) 1);
    return ByteBuffer.wrap(content);
  }

  private static long allocatedBytes(Path path) throws IOException {
    return Long.parseLong(LoopDevice.run("stat", "-c", "%b", path.toString()).strip()) * 512;
  }

  @Test
  void createdFilesAreSparseAndReadAsZeros() throws IOException {
    Path path = directory.resolve("new.img");
    try (FileDevice device = FileDevice.create(path, TIB)) {
      assertThat(device.size()).isEqualTo(TIB);
      assertThat(device.isDevice()).isFalse();
      assertThat(device.name()).isEqualTo(path.toString());
      assertThat(device.sectorSize()).isEqualTo(512);
      ByteBuffer tail = ByteBuffer.allocate(4096);
      device.read(TIB - 4096, tail);
      assertThat(tail.array()).containsOnly(0);
    }
    assertThat(allocatedBytes(path)).isLessThanOrEqualTo(64 << 10);
  }

  @Test
  void creationTakesNobodysPlace() throws IOException {
    Path path = filled("old.img", 4096);
    assertThatThrownBy(() -> FileDevice.create(path, 512))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Files.size(path)).isEqualTo(4096);
  }

  @Test
  void openingNeverCreates() {
    Path path = directory.resolve("missing.img");
    assertThatThrownBy(() -> FileDevice.openWrite(path)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> FileDevice.openRead(path)).isInstanceOf(NoSuchFileException.class);
    assertThat(path).doesNotExist();
  }

  @Test
  void readsFillTheBufferOrFailWithNameAndOffset() throws IOException {
    Path path = filled("a.img", 4096);
    try (FileDevice device = FileDevice.openRead(path)) {
      ByteBuffer buffer = ByteBuffer.allocate(1000).position(10).limit(522);
      device.read(1, buffer);
      assertThat(buffer.position()).isEqualTo(522);
      assertThat(Arrays.copyOfRange(buffer.array(), 10, 522)).containsOnly(0x55);
      assertThat(buffer.array()[9]).isZero();
      assertThatThrownBy(() -> device.read(4000, ByteBuffer.allocate(512)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(path.toString())
          .hasMessageContaining("offset 4096");
    }
  }

  @Test
  void punchedRangesReadAsZerosAndFreeTheirBlocks() throws IOException {
    Path path = filled("a.img", MIB);
    try (FileDevice device = FileDevice.openWrite(path)) {
      device.sync();
      device.zero(64 << 10, 512 << 10);
      device.zero(1000, 100);
      ByteBuffer all = ByteBuffer.allocate(MIB);
      device.read(0, all);
      byte[] expected = new byte[MIB];
      Arrays.fill(expected, (byte) 0x55);
      Arrays.fill(expected, 64 << 10, (64 << 10) + (512 << 10), (byte) 0);
      Arrays.fill(expected, 1000, 1100, (byte) 0);
      assertThat(Arrays.mismatch(all.array(), expected)).isEqualTo(-1);
      assertThat(device.size()).isEqualTo(MIB);
      assertThat(device.nextAllocated(64 << 10))
          .isEqualTo(new Extent((64 << 10) + (512 << 10), MIB - (64 << 10) - (512 << 10)));
    }
    assertThat(allocatedBytes(path)).isLessThan(MIB - (500 << 10));
  }

  @Test
  void zeroingBeyondTheEndIsRefused() throws IOException {
    try (FileDevice device = FileDevice.openWrite(filled("a.img", 4096))) {
      assertThatThrownBy(() -> device.zero(4000, 512)).isInstanceOf(IOException.class);
      device.zero(4096, 0);
    }
  }

  @Test
  void holesAreFoundAtOnceHoweverLargeTheFile() {
    Path path = directory.resolve("sparse.img");
    Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () -> {
          try (FileDevice device = FileDevice.create(path, TIB)) {
            device.write(TIB / 2, ones(8192));
            assertThat(device.nextAllocated(0)).isEqualTo(new Extent(TIB / 2, 8192));
            assertThat(device.nextAllocated(TIB / 2 + 100))
                .isEqualTo(new Extent(TIB / 2 + 100, 8092));
            assertThat(device.nextAllocated(TIB / 2 + 8192)).extracting(Extent::end).isEqualTo(TIB);
            device.zero(TIB - 4096, 4096);
            assertThat(device.nextAllocated(TIB / 2 + 8192)).isNull();
            assertThat(device.nextAllocated(TIB)).isNull();
          }
        });
  }

  @Test
  void aFileIsResizedBothWaysAndNewBytesAreZero() throws IOException {
    try (FileDevice device = FileDevice.openWrite(filled("a.img", 8192))) {
      device.resize(1000);
      device.resize(8192);
      ByteBuffer all = ByteBuffer.allocate(8192);
      device.read(0, all);
      assertThat(Arrays.copyOf(all.array(), 1000)).containsOnly(0x55);
      assertThat(Arrays.copyOfRange(all.array(), 1000, 8192)).containsOnly(0);
    }
  }

  @Test
  void aFileThatTookTheNameOfTheOpenOneIsNeverPunched() throws IOException {
    Path path = filled("a.img", MIB);
    try (FileDevice device = FileDevice.openWrite(path)) {
      Files.move(filled("b.img", MIB), path, StandardCopyOption.REPLACE_EXISTING);
      assertThatThrownBy(() -> device.zero(0, 4096)).hasMessageContaining("replaced");
      assertThatThrownBy(() -> device.nextAllocated(0)).hasMessageContaining("replaced");
    }
    assertThat(Files.readAllBytes(path)).containsOnly(0x55);
  }

  @Test
  void aReadOfAClosedFileFails() throws IOException {
    FileDevice device = FileDevice.openRead(filled("a.img", 512));
    device.close();
    device.close();
    assertThatThrownBy(() -> device.read(0, ByteBuffer.allocate(1)))
        .isInstanceOf(IOException.class);
  }
}
