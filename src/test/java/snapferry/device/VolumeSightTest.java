package snapferry.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What is seen of real files and devices when somebody writes to them. */
class VolumeSightTest {
  private static final int SIZE = 1 << 20;

  @TempDir private Path directory;

  private Path file(String name) throws IOException {
    return Files.write(directory.resolve(name), new byte[SIZE]);
  }

  private static void write(Path path) throws Exception {
    Thread.sleep(20); // Longer than the tick of a file system's clock.
    try (BlockDevice device = Volumes.openTarget(path)) {
      device.write(4096, ByteBuffer.wrap(new byte[] {1, 2, 3}));
      device.sync();
    }
  }

  @Test
  void aWriteToAFileIsSeenAndReadingIsNot() throws Exception {
    Path file = file("volume");
    VolumeSight before = VolumeSight.of(file, SIZE);
    Files.readAllBytes(file);
    assertThat(VolumeSight.of(file, SIZE).isWrittenSince(before)).isFalse();
    write(file);
    VolumeSight after = VolumeSight.of(file, SIZE);
    assertThat(after.isWrittenSince(before)).isTrue();
    assertThat(after.isOfAnother(before)).isFalse();
    assertThat(VolumeSight.of(file("other"), SIZE).isOfAnother(before)).isTrue();
    assertThat(VolumeSight.of(file, SIZE / 2).isOfAnother(before)).isTrue();
  }

  @Test
  void aDeviceWithoutUuidIsNotRecognizedAfterAStartOfTheMachine() {
    VolumeSight before = new VolumeSight(SIZE, VolumeSight.NAMELESS, new UUID(0, 1), 5, 100);
    assertThat(new VolumeSight(SIZE, VolumeSight.NAMELESS, new UUID(0, 1), 5, 100))
        .satisfies(now -> assertThat(now.isOfAnother(before)).isFalse());
    assertThat(new VolumeSight(SIZE, VolumeSight.NAMELESS, new UUID(0, 2), 5, 0))
        .satisfies(now -> assertThat(now.isOfAnother(before)).isTrue());
  }

  @Test
  void whatWasWrittenSinceAStartOfTheMachineIsSeen() {
    VolumeSight before = new VolumeSight(SIZE, "dm LVM-x", new UUID(0, 1), 5, 100);
    VolumeSight untouched = new VolumeSight(SIZE, "dm LVM-x", new UUID(0, 2), 3, 0);
    VolumeSight written = new VolumeSight(SIZE, "dm LVM-x", new UUID(0, 2), 3, 100);
    assertThat(untouched.isOfAnother(before)).isFalse();
    assertThat(untouched.isWrittenSince(before)).isFalse();
    assertThat(written.isOfAnother(before)).isFalse();
    assertThat(written.isWrittenSince(before)).isTrue();
  }

  @Test
  @EnabledIf(
      value = "snapferry.device.LoopDevice#available",
      disabledReason = "loop devices need root and losetup")
  void aWriteToADeviceIsSeenAndSoIsAnotherDiskOfTheSameName() throws Exception {
    VolumeSight before;
    try (LoopDevice loop = LoopDevice.over(file("backing"))) {
      before = VolumeSight.of(loop.node(), SIZE);
      assertThat(VolumeSight.of(loop.node(), SIZE)).isEqualTo(before);
      write(loop.node());
      VolumeSight after = VolumeSight.of(loop.node(), SIZE);
      assertThat(after.isWrittenSince(before)).isTrue();
      assertThat(after.isOfAnother(before)).isFalse();
    }
    try (LoopDevice other = LoopDevice.over(file("other"))) {
      assertThat(VolumeSight.of(other.node(), SIZE).isOfAnother(before)).isTrue();
    }
  }
}
