package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.BitSet;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Which blocks stop being something when a part of the volume becomes zeros. */
@NullMarked
class ZeroRunsTest {
  @Test
  void theRunsAreTheBlocksThatAreNotZeroAndAsLongAsCanBe() throws IOException {
    for (long seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      int blocks = 1 + random.nextInt(70);
      BitSet something = new BitSet();
      int density = random.nextInt(5);
      for (int block = 0; block < blocks; block++) {
        something.set(block, random.nextInt(4) < density);
      }
      int first = random.nextInt(blocks);
      int count = random.nextInt(blocks - first + 1);
      BitSet told = new BitSet();
      long[] end = {-1};
      String context = "seed " + seed;
      ZeroRuns.nonZero(
          (from, limit) -> {
            int next = something.nextSetBit((int) from);
            return next < 0 ? limit : Math.min(next, limit);
          },
          first,
          count,
          (from, run) -> {
            assertThat(from).as("a run of its own, %s", context).isGreaterThan(end[0]);
            assertThat(run).as("blocks of a run, %s", context).isPositive();
            told.set((int) from, (int) (from + run));
            end[0] = from + run;
          });
      BitSet expected = something.get(0, blocks);
      expected.clear(0, first);
      expected.clear(first + count, blocks);
      assertThat(told).as(context).isEqualTo(expected);
    }
  }
}
