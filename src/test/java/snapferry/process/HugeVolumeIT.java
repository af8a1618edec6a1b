package snapferry.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import snapferry.device.LoopDevice;
import snapferry.process.Replica.Direction;

/** A volume of 1 TiB, nearly all of it a hole, with a heap of 64 MiB at either end. */
@NullMarked
class HugeVolumeIT {
  private static final long SIZE = 1L << 40;
  private static final int EXTENTS = 7;
  private static final int EXTENT = 300_000;
  private static final long MOST_RESIDENT_KIB = 250 << 10;
  private static final Map<String, String> SMALL_HEAP = Map.of("SNAPFERRY_JAVA_OPTS", "-Xmx64m");

  private final Random random = new Random(1);
  @TempDir private Path directory;

  @Test
  @Timeout(120)
  void aMostlyEmptyTebibyteTakesSecondsAndLittleMemory() throws Exception {
    Replica replica = new Replica(directory);
    try (RandomAccessFile volume = new RandomAccessFile(replica.volume().toFile(), "rw")) {
      volume.setLength(SIZE);
      for (int i = 0; i < EXTENTS; i++) {
        write(volume, SIZE / EXTENTS * i);
      }
    }
    push(replica, "seed");
    try (RandomAccessFile volume = new RandomAccessFile(replica.volume().toFile(), "rw")) {
      write(volume, SIZE / 3);
      write(volume, SIZE - EXTENT);
    }
    push(replica, "epoch");
    assertThat(allocatedKib(replica.image())).isLessThan(16 << 10);
    assertThat(allocatedKib(replica.standby().directory())).isLessThan(16 << 10);
    assertThat(allocatedKib(replica.sourceRoot())).isLessThan(16 << 10);
  }

  private void write(RandomAccessFile volume, long at) throws IOException {
    byte[] noise = new byte[EXTENT];
    random.nextBytes(noise);
    volume.seek(at);
    volume.write(noise);
  }

  private static void push(Replica replica, String what) throws Exception {
    long started = System.nanoTime();
    long near = 0;
    long far = 0;
    try (Program program =
        replica.start(Direction.PUSH, replica.volume(), replica.image(), SMALL_HEAP)) {
      while (program.isAlive()) {
        near = Math.max(near, residentKib(program.handle()));
        far = Math.max(far, replica.farEnd().map(HugeVolumeIT::residentKib).orElse(0L));
        Thread.sleep(5);
      }
      Outcome outcome = program.await();
      assertThat(outcome.exit()).as("%s", outcome).isZero();
      assertThat(outcome.summary("bytesTotal")).isEqualTo(SIZE);
      assertThat(outcome.summary("bytesRead")).isLessThan(16 << 20);
    }
    System.out.printf(
        "1 TiB, %s: %.1f s, at most %d KiB resident at the source, %d at the standby%n",
        what, (System.nanoTime() - started) / 1e9, near, far);
    assertThat(near).isBetween(1L, MOST_RESIDENT_KIB);
    assertThat(far).isBetween(1L, MOST_RESIDENT_KIB);
  }

  /** The most that a process ever had in memory; 0 if it is gone. */
  private static long residentKib(ProcessHandle process) {
    try {
      return Files.readAllLines(Path.of("/proc", "" + process.pid(), "status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  private static long allocatedKib(Path path) throws IOException {
    return Long.parseLong(LoopDevice.run("du", "-sk", path.toString()).split("\t")[0]);
  }
}
