package snapferry.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptorTest {
  private static final long BEYOND_32_BITS = 5L << 32;

  @TempDir Path directory;

  private Path sparse() throws IOException {
    Path path = Files.write(directory.resolve("sparse"), new byte[8192]);
    try (var channel = Files.newByteChannel(path, StandardOpenOption.WRITE)) {
      channel.position(BEYOND_32_BITS).write(ByteBuffer.allocate(4096));
    }
    return path;
  }

  @Test
  void aFailedCallNamesItselfItsSubjectAndTheError() {
    Path missing = directory.resolve("missing");
    assertThatThrownBy(() -> Descriptor.open(missing, Descriptor.Access.READ))
        .isInstanceOfSatisfying(PosixException.class, e -> assertThat(e.errno()).isEqualTo(2))
        .hasMessage(missing + ": open failed: No such file or directory");
  }

  @Test
  void offsetsAre64BitsWide() throws IOException {
    try (Descriptor file = Descriptor.open(sparse(), Descriptor.Access.READ_WRITE)) {
      assertThat(file.seekHole(0)).isEqualTo(8192);
      assertThat(file.seekData(8192)).isEqualTo(BEYOND_32_BITS);
      file.punchHole(BEYOND_32_BITS, 4096);
      assertThatThrownBy(() -> file.seekData(8192))
          .isInstanceOfSatisfying(
              PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENXIO));
      assertThat(Files.size(file.path())).isEqualTo(BEYOND_32_BITS + 4096);
      file.startWriteBack(0, BEYOND_32_BITS);
      file.dropCached(0, BEYOND_32_BITS);
    }
  }

  @Test
  void aFileIsNoBlockDevice() throws IOException {
    try (Descriptor file = Descriptor.open(sparse(), Descriptor.Access.READ)) {
      assertThatThrownBy(file::deviceSize)
          .isInstanceOfSatisfying(
              PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENOTTY));
      assertThatThrownBy(file::sectorSize).isInstanceOf(PosixException.class);
      assertThatThrownBy(file::isReadOnlyDevice).isInstanceOf(PosixException.class);
      assertThatThrownBy(() -> file.zeroOut(0, 4096)).isInstanceOf(PosixException.class);
    }
  }

  @Test
  void thePathLeadsToTheOpenFileAfterItsNameIsGone() throws IOException {
    Path path = Files.writeString(directory.resolve("gone"), "still here");
    try (Descriptor file = Descriptor.open(path, Descriptor.Access.READ)) {
      Files.delete(path);
      assertThat(Files.readString(file.path())).isEqualTo("still here");
    }
  }

  @Test
  void closingTwiceClosesNobodyElsesDescriptor() throws IOException {
    Descriptor first = Descriptor.open(sparse(), Descriptor.Access.READ);
    first.close();
    try (Descriptor second = Descriptor.open(sparse(), Descriptor.Access.READ)) {
      first.close();
      assertThat(second.seekData(0)).isZero();
      assertThatThrownBy(() -> first.seekData(0)).isInstanceOf(PosixException.class);
    }
  }
}
