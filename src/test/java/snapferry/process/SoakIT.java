package snapferry.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import snapferry.device.LoopDevice;

/**
 * Histories of runs, loads and faults at random, on files and loop devices, one after another for
 * as long as one likes: {@code -Dsnapferry.soakSeconds=N}. Each history follows from its seed,
 * which a failure names, and {@code -Dsnapferry.seed=S} begins with that one.
 */
@NullMarked
class SoakIT {
  private static final long SECONDS = Long.getLong("snapferry.soakSeconds", 20);
  private static final long SEED = Long.getLong("snapferry.seed", 1);

  /** Neighbouring seeds of {@link Random} begin alike. */
  private static final long MIX = 0x9e3779b97f4a7c15L;

  private static final Tally TALLY = new Tally();

  @TempDir private Path directory;

  @AfterAll
  static void tell() {
    System.out.println(TALLY);
  }

  @Test
  void whateverHappensTheStandbyIsAnEpoch() throws Exception {
    boolean devices = LoopDevice.available();
    long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    for (long seed = SEED; seed == SEED || System.nanoTime() < end; seed++) {
      System.out.println("soak: seed " + seed);
      Path own = Files.createDirectory(directory.resolve("seed" + seed));
      try {
        Random random = new Random(seed * MIX);
        Replica replica = new Replica(own);
        new History(replica, random, devices && random.nextBoolean(), TALLY).run();
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed + ", after\n" + TALLY, e);
      }
    }
  }
}
