package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

@NullMarked
class HeatCountTest {
  private static final BlockSize SMALL = new BlockSize(4096);

  @Test
  void aVolumeOfFewBlocksHasAPartForEach() {
    HeatCount count = new HeatCount(new Geometry(3 * 65536 + 512, new BlockSize(65536)));
    count.add(0, 1);
    count.add(3, 1);
    assertThat(count.heat().levels()).as("16 pages are 10000 in binary").isEqualTo("5005");
    assertThat(count.heat().parts()).isEqualTo(4);
    assertThat(count.heat().level(0)).isEqualTo(5);
  }

  @Test
  void aLevelIsTheNumberOfBinaryDigits() {
    HeatCount count = new HeatCount(new Geometry(256L * 4 * 4096, SMALL));
    count.add(0, 1);
    count.add(4, 2);
    count.add(8, 4);
    assertThat(count.heat().levels()).isEqualTo("123" + "0".repeat(253));
  }

  @Test
  void theLargestVolumeFitsToo() {
    Geometry geometry = new Geometry(Geometry.MAX_SIZE, SMALL);
    HeatCount count = new HeatCount(geometry);
    count.add(0, geometry.blocks());
    assertThat(count.heat().levels()).isEqualTo("z".repeat(256));
    HeatCount end = new HeatCount(geometry);
    end.add(geometry.blocks() - 1, 1);
    assertThat(end.heat().levels()).isEqualTo("0".repeat(255) + "1");
  }

  @Test
  void runsOfBlocksCountAsEachOfThemWould() {
    long seed = 17;
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      Geometry geometry = new Geometry((1L + random.nextInt(3000)) * 4096, SMALL);
      HeatCount runs = new HeatCount(geometry);
      HeatCount single = new HeatCount(geometry);
      for (int i = 0; i < 5; i++) {
        int first = random.nextInt((int) geometry.blocks());
        int length = 1 + random.nextInt((int) geometry.blocks() - first);
        runs.add(first, length);
        for (int block = first; block < first + length; block++) {
          single.add(block, 1);
        }
      }
      assertThat(runs.heat()).as("seed %d, round %d", seed, round).isEqualTo(single.heat());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "0-", "\n", "é"})
  void whatIsNoHeatIsRefused(String levels) {
    assertThatThrownBy(() -> new Heat(levels)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Heat("0".repeat(257)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
