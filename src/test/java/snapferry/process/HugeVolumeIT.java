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

  /** Heap, buffers and the JVM itself. Mapped pages of signature files are not ours: cache. */
  private static final long MOST_KIB = 160 << 10;

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
    Memory near = new Memory();
    Memory far = new Memory();
    try (Program program =
        replica.start(Direction.PUSH, replica.volume(), replica.image(), SMALL_HEAP)) {
      while (program.isAlive()) {
        near.look(program.handle());
        replica.farEnd().ifPresent(far::look);
        Thread.sleep(5);
      }
      Outcome outcome = program.await();
      assertThat(outcome.exit()).as("%s", outcome).isZero();
      assertThat(outcome.summary("bytesTotal")).isEqualTo(SIZE);
      assertThat(outcome.summary("bytesRead")).isLessThan(16 << 20);
    }
    System.out.printf(
        "1 TiB, %s: %.1f s; source %s, standby %s%n",
        what, (System.nanoTime() - started) / 1e9, near, far);
    assertThat(near.own).as("source").isBetween(1L, MOST_KIB);
    assertThat(far.own).as("standby").isBetween(1L, MOST_KIB);
  }

  /** The most memory that a process was seen to have, in KiB: of its own, and with what it maps. */
  private static final class Memory {
    private long own;
    private long resident;

    void look(ProcessHandle process) {
      try {
        for (String line : Files.readAllLines(Path.of("/proc", "" + process.pid(), "status"))) {
          if (line.startsWith("RssAnon:")) {
            own = Math.max(own, kib(line));
          } else if (line.startsWith("VmHWM:")) {
            resident = Math.max(resident, kib(line));
          }
        }
      } catch (IOException e) {
        // It has just ended.
      }
    }

    private static long kib(String line) {
      return Long.parseLong(line.replaceAll("\\D", ""));
    }

    @Override
    public String toString() {
      return "%d KiB of its own, %d with mapped files".formatted(own, resident);
    }
  }

  private static long allocatedKib(Path path) throws IOException {
    String line = LoopDevice.run("du", "-sk", path.toString());
    return Long.parseLong(line.substring(0, line.indexOf('\t')));
  }
}
