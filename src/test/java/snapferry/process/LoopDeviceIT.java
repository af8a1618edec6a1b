package snapferry.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.device.LoopDevice;
import snapferry.failure.ExitCode;
import snapferry.process.Replica.Direction;

/** Real block devices as volumes and as standbys. */
@EnabledIf(
    value = "snapferry.device.LoopDevice#available",
    disabledReason = "loop devices need root and losetup")
@NullMarked
class LoopDeviceIT {
  private static final int SIZE = 6 << 20;
  private static final int LARGER = 8 << 20;
  private static final byte STAIN = 0x55;

  private final Random random = new Random(1);
  @TempDir private Path directory;
  private Replica replica;
  private Path backing;

  @BeforeEach
  void fill() throws IOException {
    replica = new Replica(directory);
    Content.fill(replica.volume(), SIZE, random);
    byte[] stained = new byte[LARGER];
    Arrays.fill(stained, STAIN);
    backing = Files.write(directory.resolve("backing"), stained);
  }

  @ParameterizedTest
  @ValueSource(strings = {"512", "4096"})
  void aLargerDeviceIsAStandbyAndKeepsItsTail(String sector) throws Exception {
    try (LoopDevice source = LoopDevice.over(replica.volume(), "--sector-size", sector);
        LoopDevice target = LoopDevice.over(backing, "--sector-size", sector)) {
      assertExit(push(source.node(), target.node()), ExitCode.LINEAGE);
      assertThat(Files.readAllBytes(target.node())).containsOnly(STAIN);
      assertExit(push(source.node(), target.node(), "--init"), ExitCode.DONE);
      assertCopied(source.node(), target.node());
      edit(source.node());
      assertExit(push(source.node(), target.node()), ExitCode.DONE);
      assertCopied(source.node(), target.node());
    }
  }

  private static void edit(Path device) throws IOException {
    try (FileChannel channel = FileChannel.open(device, StandardOpenOption.WRITE)) {
      byte[] bytes = new byte[100_000];
      new Random(2).nextBytes(bytes);
      channel.write(ByteBuffer.wrap(bytes), 1_000_448);
      channel.write(ByteBuffer.allocate(300_000), 2_000_384);
      channel.force(true);
    }
  }

  private static void assertCopied(Path source, Path target) throws IOException {
    LoopDevice.run("cmp", "-n", "" + SIZE, source.toString(), target.toString());
    try (RandomAccessFile file = new RandomAccessFile(target.toFile(), "r")) {
      byte[] tail = new byte[LARGER - SIZE];
      file.seek(SIZE);
      file.readFully(tail);
      assertThat(tail).containsOnly(STAIN);
    }
  }

  @Test
  void aMountedDeviceIsRefusedAndNothingWritten() throws Exception {
    LoopDevice.run("mke2fs", "-q", "-t", "ext4", backing.toString());
    byte[] before = Files.readAllBytes(backing);
    try (LoopDevice target = LoopDevice.over(backing);
        Mounted mounted = Mounted.on(target.node(), directory.resolve("mnt"), "ro,noload")) {
      Outcome outcome = push(replica.volume(), target.node(), "--init");
      assertExit(outcome, ExitCode.BUSY);
      assertThat(outcome.err()).contains("mounted on " + mounted.point());
    }
    assertThat(Files.readAllBytes(backing)).isEqualTo(before);
  }

  @Test
  void anImageInUseByALoopDeviceIsRefusedAndNothingWritten() throws Exception {
    replica.run(Direction.PUSH);
    byte[] before = Files.readAllBytes(replica.image());
    Content.edit(replica.volume(), 1 << 20, random);
    try (LoopDevice loop = LoopDevice.over(replica.image())) {
      Outcome outcome = replica.attempt(Direction.PUSH);
      assertExit(outcome, ExitCode.BUSY);
      assertThat(outcome.err()).contains(loop.node().getFileName().toString());
      assertThat(Files.readAllBytes(replica.image())).isEqualTo(before);
    }
    replica.run(Direction.PUSH);
    replica.assertSame();
  }

  @Test
  void aFileSystemThatIsWrittenBetweenEpochsIsSoundOnTheStandby() throws Exception {
    LoopDevice.run("mke2fs", "-q", "-F", "-t", "ext4", replica.volume().toString());
    try (LoopDevice source = LoopDevice.over(replica.volume())) {
      for (int epoch = 1; epoch <= 3; epoch++) {
        try (Mounted mounted = Mounted.on(source.node(), directory.resolve("mnt"), "rw")) {
          Path file = mounted.point().resolve("file" + epoch % 2);
          Files.write(file, new byte[200_000 * epoch]);
          Files.writeString(mounted.point().resolve("epoch"), "epoch " + epoch);
        }
        assertExit(push(source.node(), replica.image()), ExitCode.DONE);
        LoopDevice.run("cmp", source.node().toString(), replica.image().toString());
        LoopDevice.run("e2fsck", "-fn", replica.image().toString());
      }
      try (Mounted mounted = Mounted.on(source.node(), directory.resolve("mnt"), "rw")) {
        Outcome outcome = push(source.node(), replica.image());
        assertExit(outcome, ExitCode.WARNINGS);
        assertThat(outcome.err()).contains("is mounted", "snapshot");
        assertThat(mounted.point().resolve("epoch")).hasContent("epoch 3");
      }
    }
  }

  private Outcome push(Path source, Path target, String... options) throws Exception {
    return replica.attempt(Direction.PUSH, source, target, options);
  }

  private static void assertExit(Outcome outcome, ExitCode exit) {
    assertThat(outcome.exit()).as("%s", outcome).isEqualTo(exit.code());
  }
}
