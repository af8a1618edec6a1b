package snapferry.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import snapferry.extent.Extent;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

@EnabledIf(
    value = "snapferry.device.LoopDevice#available",
    disabledReason = "loop devices need root and losetup")
class BlockSpecialTest {
  private static final int SIZE = 4 << 20;

  @TempDir Path directory;
  private Path backing;

  @BeforeEach
  void createBackingFile() throws IOException {
    backing = directory.resolve("backing.img");
    byte[] content = new byte[SIZE];
    Arrays.fill(content, (byte) 0x55);
    Files.write(backing, content);
  }

  private static void assertFailure(ThrowingAction action, ExitCode exit, String... words) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.exit()).isEqualTo(exit))
        .message()
        .contains(words);
  }

  private interface ThrowingAction {
    void run() throws IOException;
  }

  private static byte[] read(BlockDevice device, long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(length);
    device.read(offset, buffer);
    byte[] bytes = new byte[length];
    buffer.flip().get(bytes);
    return bytes;
  }

  @Test
  void whatIsOnlyReadCanBeHeldAlsoIfItCannotBeWritten() throws IOException {
    try (LoopDevice loop = LoopDevice.over(backing, "--read-only");
        BlockDevice held = Volumes.hold(loop.node(), false)) {
      assertThat(read(held, 512, 512)).containsOnly(0x55);
      assertFailure(() -> Volumes.hold(loop.node(), false).close(), ExitCode.BUSY, "exclusively");
      assertFailure(() -> Volumes.hold(loop.node(), true).close(), ExitCode.FAILED, "read-only");
    }
  }

  @Test
  void sizeAndSectorSizeComeFromTheDevice() throws IOException {
    try (LoopDevice loop = LoopDevice.over(backing);
        BlockDevice device = Volumes.openSource(loop.node())) {
      assertThat(device.isDevice()).isTrue();
      assertThat(device.name()).isEqualTo(loop.node().toString());
      assertThat(device.size()).isEqualTo(SIZE);
      assertThat(device.sectorSize()).isEqualTo(512);
      assertThat(device.nextAllocated(4096)).isEqualTo(new Extent(4096, SIZE - 4096));
      assertThat(device.nextAllocated(SIZE)).isNull();
    }
  }

  @Test
  void largeSectorsAreReportedAndSmallerVolumesStillFit() throws IOException {
    try (LoopDevice loop = LoopDevice.over(backing, "--sector-size", "4096");
        BlockDevice device = Volumes.openTarget(loop.node())) {
      assertThat(device.sectorSize()).isEqualTo(4096);
      device.write(512, ByteBuffer.allocateDirect(512));
      device.zero(4096 + 512, 1024);
      device.sync();
      assertThat(read(device, 512, 512)).containsOnly(0);
      assertThat(read(device, 1024, 4096 - 512)).containsOnly(0x55);
      assertThat(read(device, 4096 + 512, 1024)).containsOnly(0);
      assertThat(read(device, 4096 + 1536, 2560)).containsOnly(0x55);
    }
  }

  @Test
  void whatIsWrittenReachesTheDevice() throws IOException {
    try (LoopDevice loop = LoopDevice.over(backing)) {
      try (BlockDevice device = Volumes.openTarget(loop.node())) {
        device.write(SIZE - 512, ByteBuffer.allocateDirect(512).put(0, (byte) 9));
        device.sync();
      }
      try (BlockDevice device = Volumes.openSource(loop.node())) {
        assertThat(read(device, SIZE - 512, 512)[0]).isEqualTo((byte) 9);
      }
    }
  }

  @Test
  void zeroedRangesReadAsZerosAndNothingElseDoes() throws IOException {
    try (LoopDevice loop = LoopDevice.over(backing);
        BlockDevice device = Volumes.openTarget(loop.node())) {
      device.zero(64 << 10, 1 << 20);
      device.zero(2 << 20, 512);
      device.sync();
      assertThat(read(device, 64 << 10, 1 << 20)).containsOnly(0);
      assertThat(read(device, 2 << 20, 512)).containsOnly(0);
      assertThat(read(device, 0, 64 << 10)).containsOnly(0x55);
      assertThat(read(device, (2 << 20) + 512, 4096)).containsOnly(0x55);
    }
  }

  @Test
  void thereIsNothingBeyondTheEnd() throws IOException {
    try (LoopDevice loop = LoopDevice.over(backing);
        BlockDevice device = Volumes.openTarget(loop.node())) {
      assertThatThrownBy(() -> device.write(SIZE, ByteBuffer.allocateDirect(512)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(loop.node().toString())
          .hasMessageContaining("offset " + SIZE);
      assertThatThrownBy(() -> read(device, SIZE - 512, 1024)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> device.zero(SIZE - 512, 1024)).isInstanceOf(IOException.class);
      assertFailure(() -> device.resize(SIZE * 2), ExitCode.SIZE, loop.node().toString());
    }
  }

  @Test
  void aTargetIsHeldUntilItIsClosed() throws IOException {
    try (LoopDevice loop = LoopDevice.over(backing)) {
      try (BlockDevice device = Volumes.openTarget(loop.node())) {
        assertFailure(
            () -> Volumes.openTarget(loop.node()).close(), ExitCode.BUSY, device.name(), "held");
        Volumes.openSource(loop.node()).close();
      }
      Volumes.openTarget(loop.node()).close();
    }
  }

  @Test
  void aMountedTargetIsRefusedAndTheMountPointNamed() throws IOException {
    Path mountPoint = Files.createDirectory(directory.resolve("mount point"));
    try (LoopDevice loop = LoopDevice.over(backing)) {
      LoopDevice.run("mkfs.ext4", "-q", loop.node().toString());
      assertThat(Volumes.mountedReadWrite(loop.node())).isFalse();
      LoopDevice.run("mount", loop.node().toString(), mountPoint.toString());
      try {
        assertFailure(
            () -> Volumes.openTarget(loop.node()).close(),
            ExitCode.BUSY,
            loop.node() + " is mounted on " + mountPoint);
        assertThat(Volumes.mountedReadWrite(loop.node())).isTrue();
        assertThat(Volumes.mountedReadWrite(backing)).as("through its loop device").isTrue();
        LoopDevice.run("mount", "-o", "remount,ro", mountPoint.toString());
        assertThat(Volumes.mountedReadWrite(loop.node())).isFalse();
      } finally {
        LoopDevice.run("umount", mountPoint.toString());
      }
    }
  }

  @Test
  void aTargetThatIsSwappedToIsRefused() throws IOException {
    try (LoopDevice loop = LoopDevice.over(backing)) {
      LoopDevice.run("mkswap", loop.node().toString());
      LoopDevice.run("swapon", loop.node().toString());
      try {
        assertFailure(
            () -> Volumes.openTarget(loop.node()).close(),
            ExitCode.BUSY,
            loop.node() + " is in use for swapping");
      } finally {
        LoopDevice.run("swapoff", loop.node().toString());
      }
      Volumes.openTarget(loop.node()).close();
    }
  }

  @Test
  void aReadOnlyTargetIsRefused() throws IOException {
    try (LoopDevice loop = LoopDevice.over(backing, "--read-only")) {
      assertFailure(
          () -> Volumes.openTarget(loop.node()).close(), ExitCode.FAILED, "read-only device");
      Volumes.openSource(loop.node()).close();
    }
  }

  @Test
  void aFileUnderALoopDeviceIsRefusedAsATargetByAnyOfItsNames() throws IOException {
    Path link = Files.createLink(directory.resolve("hard"), backing);
    Path symbolic = Files.createSymbolicLink(directory.resolve("soft"), backing);
    try (LoopDevice loop = LoopDevice.over(backing)) {
      String kernelName = loop.node().getFileName().toString();
      for (Path name : new Path[] {backing, link, symbolic}) {
        assertFailure(() -> Volumes.openTarget(name).close(), ExitCode.BUSY, kernelName);
        Volumes.openSource(name).close();
      }
    }
    Volumes.openTarget(backing).close();
  }

  @Test
  void aFileThatTookTheNameOfADeletedBackingFileIsFree() throws IOException {
    Path oddly = directory.resolve("odd (deleted)");
    Files.copy(backing, oddly);
    try (LoopDevice loop = LoopDevice.over(backing);
        LoopDevice odd = LoopDevice.over(oddly)) {
      Files.delete(backing);
      Files.write(backing, new byte[SIZE]);
      Volumes.openTarget(backing).close();
      assertFailure(() -> Volumes.openTarget(oddly).close(), ExitCode.BUSY, "in use by the loop");
      assertThat(odd.node()).isNotEqualTo(loop.node());
    }
  }

  @Test
  void anUnreadableSectorIsNamedByDeviceOffsetAndLba() throws IOException {
    // A loop device with direct I/O whose backing file has become shorter has nothing to read
    // there.
    try (LoopDevice loop = LoopDevice.over(backing, "--direct-io=on");
        RandomAccessFile file = new RandomAccessFile(backing.toFile(), "rw")) {
      file.setLength(SIZE / 2);
      try (BlockDevice device = Volumes.openSource(loop.node())) {
        assertThatThrownBy(() -> read(device, SIZE / 2 - 8192, 65536))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(loop.node().toString())
            .hasMessageContaining("LBA " + SIZE / 2 / 512 + " ")
            .hasMessageContaining("offset " + SIZE / 2);
      }
    }
  }
}
