package snapferry.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import snapferry.device.LoopDevice;
import snapferry.failure.ExitCode;
import snapferry.process.Replica.Direction;

/** File systems that are full or cannot be written to. */
@EnabledIf(
    value = "snapferry.device.LoopDevice#available",
    disabledReason = "mounting small file systems needs root and losetup")
@NullMarked
class FullDiskIT {
  private static final long SIZE = 12 << 20;
  private static final long DISK = 64 << 20;

  private final Random random = new Random(1);
  @TempDir private Path directory;
  private Replica replica;
  private LoopDevice disk;
  private Mounted small;
  private Path image;

  @BeforeEach
  void mount() throws Exception {
    replica = new Replica(directory);
    Content.fill(replica.volume(), SIZE, random);
    Path backing = directory.resolve("backing");
    Files.createFile(backing);
    LoopDevice.run("truncate", "-s", "" + DISK, backing.toString());
    LoopDevice.run("mke2fs", "-q", "-t", "ext4", "-m", "0", backing.toString());
    disk = LoopDevice.over(backing);
    small = Mounted.on(disk.node(), directory.resolve("small"), "rw");
    image = small.point().resolve("image");
  }

  @AfterEach
  void unmount() throws Exception {
    small.close();
    disk.close();
  }

  @Test
  void anEpochWithoutSpaceForItsJournalLeavesTheImageAlone() throws Exception {
    assertExit(push(), ExitCode.DONE);
    Path old = Files.copy(image, directory.resolve("old"));
    Content.edit(replica.volume(), 10 << 20, random);
    Path ballast = leaveFree(20 << 20);
    Outcome outcome = push();
    assertExit(outcome, ExitCode.FAILED);
    assertThat(outcome.err()).contains("no space left for the journal", "Free some space");
    assertThat(Files.mismatch(image, old)).isEqualTo(-1);
    Files.delete(ballast);
    assertExit(push(), ExitCode.DONE);
    assertThat(Files.mismatch(image, replica.volume())).isEqualTo(-1);
  }

  @Test
  void aSeedOnADiskThatFillsUpGoesOnWhenThereIsSpace() throws Exception {
    Path ballast = leaveFree(5 << 20);
    Outcome outcome = push();
    assertExit(outcome, ExitCode.FAILED);
    assertThat(outcome.err()).contains("No space left on device", "goes on where it was");
    assertThat(Content.copied(replica.volume(), image)).isPositive();
    Files.delete(ballast);
    assertExit(push(), ExitCode.DONE);
    assertThat(Files.mismatch(image, replica.volume())).isEqualTo(-1);
  }

  @Test
  void aStandbyOnADiskThatCannotBeWrittenIsLeftAlone() throws Exception {
    assertExit(push(), ExitCode.DONE);
    Path old = Files.copy(image, directory.resolve("old"));
    Content.edit(replica.volume(), 1 << 20, random);
    small.remount("ro");
    Outcome outcome = push();
    assertExit(outcome, ExitCode.FAILED);
    assertThat(outcome.err()).contains("Read-only file system");
    assertThat(Files.mismatch(image, old)).isEqualTo(-1);
    small.remount("rw");
    assertExit(push(), ExitCode.DONE);
    assertThat(Files.mismatch(image, replica.volume())).isEqualTo(-1);
  }

  private Path leaveFree(long bytes) throws Exception {
    long free = Files.getFileStore(small.point()).getUsableSpace();
    Path ballast = small.point().resolve("ballast");
    return Files.write(ballast, new byte[(int) (free - bytes)]);
  }

  @Test
  void aSourceWhoseStateCannotBeWrittenIsReplicatedWithAWarning() throws Exception {
    try (Mounted state = Mounted.memory(replica.sourceRoot(), "1M")) {
      state.remount("ro");
      for (int run = 0; run < 2; run++) {
        Outcome outcome = replica.attempt(Direction.PUSH, "--init");
        assertExit(outcome, ExitCode.WARNINGS);
        assertThat(outcome.err()).contains("cannot be written", "--state-dir", "--init");
        replica.assertSame();
        Content.edit(replica.volume(), 1 << 20, random);
      }
    }
  }

  private Outcome push() throws Exception {
    return replica.attempt(Direction.PUSH, replica.volume(), image);
  }

  private static void assertExit(Outcome outcome, ExitCode exit) {
    assertThat(outcome.exit()).as("%s", outcome).isEqualTo(exit.code());
  }
}
