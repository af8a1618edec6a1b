package snapferry.patrol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/** Slices follow each other and are large enough, whatever clocks do. */
@NullMarked
class BeatTest {
  private static final Duration PERIOD = Duration.ofDays(30);
  private static final int SEEDS = Integer.getInteger("snapferry.patrols", 40);

  private final long first = new Random().nextLong();

  private static Geometry geometry(Random random) {
    long sectors = 1L + random.nextInt(random.nextBoolean() ? 100 : 4_000);
    return new Geometry(sectors * BlockSize.SECTOR, new BlockSize(BlockSize.PAGE));
  }

  /** A machine whose true time is known: it is started again now and then, and sleeps. */
  private static final class Machine {
    private final Random random;
    private long time = 1_000_000_000_000L;
    private long started = time;
    private UUID boot = new UUID(0, 0);

    Machine(Random random) {
      this.random = random;
    }

    Moment pass(long millis) {
      time += millis;
      if (random.nextInt(10) == 0) {
        boot = new UUID(random.nextLong(), 0);
        started = time - (long) (random.nextDouble() * millis);
      }
      return new Moment(boot, time - started, time);
    }
  }

  @Test
  void everyBlockIsVerifiedWithinThePeriodHoweverIrregularRunsAre() {
    for (long seed = first; seed < first + SEEDS; seed++) {
      Random random = new Random(seed);
      Machine machine = new Machine(random);
      Geometry geometry = geometry(random);
      long longest = PERIOD.toMillis() / (1 + random.nextInt(200));
      Beat beat = Beat.begin(geometry, machine.pass(0));
      long[] verified = new long[(int) geometry.blocks()];
      Arrays.fill(verified, machine.time);
      boolean[] ever = new boolean[verified.length];
      for (int run = 0; run < 200; run++) {
        long pause = random.nextInt(50) == 0 ? 2 * PERIOD.toMillis() : longest;
        Moment now = machine.pass((long) (random.nextDouble() * pause));
        Slice slice = beat.due(now, PERIOD);
        assertThat(slice.first()).as("seed %d", seed).isEqualTo(beat.cursor());
        beat = beat.at(now, PERIOD).after(slice);
        long oldest = machine.time;
        int fresh = 0;
        for (int block = 0; block < verified.length; block++) {
          if (slice.contains(block)) {
            verified[block] = machine.time;
            ever[block] = true;
          }
          oldest = Math.min(oldest, verified[block]);
          boolean young = machine.time - verified[block] <= PERIOD.toMillis();
          fresh += ever[block] && young ? 1 : 0;
        }
        String what = "run " + run + ", seed " + seed;
        assertThat(machine.time - oldest).as(what).isLessThanOrEqualTo(PERIOD.toMillis());
        assertThat(beat.coverage(PERIOD))
            .as(what)
            .isLessThanOrEqualTo(fresh * 100 / verified.length);
        assertThat(machine.time - oldest).as(what).isLessThanOrEqualTo(beat.age().toMillis());
      }
      if (beat.count() >= PERIOD.toMillis()) { // 200 short pauses may be less than that.
        assertThat(ever).as("seed %d", seed).doesNotContain(false);
      }
    }
  }

  @Test
  void regularRunsKeepTheWholeVolumeCovered() {
    Geometry geometry = new Geometry(1L << 40, BlockSize.DEFAULT);
    Moment now = new Moment(new UUID(0, 0), 0, 0);
    Beat beat = Beat.begin(geometry, now);
    long everyFiveMinutes = Duration.ofMinutes(5).toMillis();
    for (int run = 1; run <= 3 * 30 * 24 * 12; run++) {
      now = new Moment(now.boot(), run * everyFiveMinutes, 0);
      Slice slice = beat.due(now, PERIOD);
      assertThat(slice.count()).isBetween(1941L, 1942L);
      beat = beat.at(now, PERIOD).after(slice);
      if (run > 2 * 30 * 24 * 12) {
        // A part is as old as its first block, so one is over the period for a moment.
        assertThat(beat.coverage(PERIOD)).as("run %d", run).isGreaterThanOrEqualTo(98);
        assertThat(beat.age()).isLessThan(PERIOD.plusDays(1));
      }
    }
  }

  @Test
  void aClockThatIsSetChangesNothingWhileTheMachineRuns() {
    Random random = new Random(first);
    Geometry geometry = geometry(random);
    Beat right = Beat.begin(geometry, new Moment(new UUID(0, 0), 0, 0));
    Beat wrong = right;
    for (long uptime = 0; uptime < 40 * PERIOD.toMillis(); uptime += PERIOD.toMillis() / 7) {
      Moment truth = new Moment(new UUID(0, 0), uptime, uptime);
      Moment lie = new Moment(new UUID(0, 0), uptime, random.nextLong() >>> 1);
      assertThat(wrong.due(lie, PERIOD)).as("seed %d", first).isEqualTo(right.due(truth, PERIOD));
      right = right.at(truth, PERIOD).after(right.due(truth, PERIOD));
      wrong = wrong.at(lie, PERIOD).after(wrong.due(lie, PERIOD));
      assertThat(wrong.verified()).as("seed %d", first).isEqualTo(right.verified());
    }
  }

  @Test
  void aClockThatJumpsOverAStartMakesASliceOfAtMostEverythingAndAtLeastWhatIsKnown() {
    for (long seed = first; seed < first + SEEDS; seed++) {
      Random random = new Random(seed);
      Geometry geometry = geometry(random);
      Beat beat = Beat.begin(geometry, new Moment(new UUID(0, 0), 5, random.nextLong() >>> 1));
      for (int run = 0; run < 50; run++) {
        long uptime = random.nextLong(2 * PERIOD.toMillis());
        Moment now = new Moment(new UUID(1, random.nextLong()), uptime, random.nextLong() >>> 1);
        Slice slice = beat.due(now, PERIOD);
        double least = Math.min(1, (double) uptime / PERIOD.toMillis()) * geometry.blocks();
        assertThat((double) slice.count())
            .as("seed %d", seed)
            .isBetween(Math.max(1, Math.floor(least)), (double) geometry.blocks());
        Beat next = beat.at(now, PERIOD).after(slice);
        assertThat(next.count()).as("seed %d", seed).isGreaterThanOrEqualTo(beat.count());
        assertThat(next.cursor()).as("seed %d", seed).isEqualTo(slice.next());
        beat = next;
      }
    }
  }

  @Test
  void theLargestVolumeOverflowsNothing() {
    Geometry geometry = new Geometry(Geometry.MAX_SIZE, new BlockSize(BlockSize.PAGE));
    Moment begin = new Moment(new UUID(0, 0), 0, 0);
    Duration year = Duration.ofDays(366);
    Moment late = new Moment(begin.boot(), Long.MAX_VALUE, Long.MAX_VALUE);
    Beat beat = Beat.begin(geometry, begin);
    assertThat(beat.due(late, year).count()).isEqualTo(geometry.blocks());
    Moment half = new Moment(begin.boot(), year.toMillis() / 2, 0);
    assertThat(beat.due(half, year).count()).isEqualTo(geometry.blocks() / 2);
    Beat after = beat.at(half, year).after(beat.due(half, year));
    assertThat(after.cursor()).isEqualTo(geometry.blocks() / 2);
    assertThat(after.coverage(year)).isEqualTo(50);
    assertThat(after.afterAll().coverage(year)).isEqualTo(100);
  }
}
