package snapferry.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of either end of real runs, at random moments and at those that matter: whatever
 * is killed when, the image is one epoch after recovery, and the next run succeeds.
 *
 * <p>{@code -Dsnapferry.kills=N} asks for more kills than the usual, {@code -Dsnapferry.seed=S} for
 * others. {@code scripts/soak} does both.
 */
@NullMarked
class KillIT {
  private static final int KILLS = Integer.getInteger("snapferry.kills", 16);
  private static final long SEED = Long.getLong("snapferry.seed", 1);

  /** Two runs at a time, of two processes each, which wait for each other most of the time. */
  private static final int LANES = 2;

  private static final Tally TALLY = new Tally();

  @TempDir private Path directory;

  @AfterAll
  static void tell() {
    System.out.println(TALLY);
  }

  @Test
  void aKilledEpochLeavesTheOldOneOrTheNew() throws Exception {
    inLanes(
        KILLS * 5 / 8,
        (replica, random, kills) -> new KilledEpochs(replica, random, TALLY).run(kills));
  }

  @Test
  void aKilledSeedGoesOnWhereItWas() throws Exception {
    inLanes(
        KILLS * 3 / 8,
        (replica, random, kills) -> new KilledSeeds(replica, random, TALLY).run(kills));
  }

  private interface Lane {
    void run(Replica replica, Random random, int kills) throws Exception;
  }

  private void inLanes(int kills, Lane lane) throws Exception {
    ExecutorService lanes = Executors.newFixedThreadPool(LANES);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < LANES; i++) {
        Random random = new Random(SEED * LANES + i);
        Replica replica = new Replica(Files.createDirectory(directory.resolve("lane" + i)));
        ends.add(
            lanes.submit(
                () -> {
                  lane.run(replica, random, kills / LANES);
                  return true;
                }));
      }
      for (Future<?> end : ends) {
        assertThat(end).as("seed %d", SEED).succeedsWithin(Duration.ofHours(1));
      }
    } finally {
      lanes.shutdownNow();
    }
  }
}
