package snapferry.delta;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import snapferry.extent.Geometry;

class SignatureLayoutTest {
  @Test
  void aTreeHasLevelsUntilOneHasASingleNode() {
    assertLevels(1, 1);
    assertLevels(256, 1);
    assertLevels(257, 2, 1);
    assertLevels(65_536, 256, 1);
    assertLevels(65_537, 257, 2, 1);
  }

  private static void assertLevels(long blocks, long... nodes) {
    TreeShape tree = new TreeShape(blocks);
    assertThat(tree.levels()).as("levels of %d blocks", blocks).isEqualTo(nodes.length);
    long below = 0;
    for (int level = 1; level <= nodes.length; level++) {
      assertThat(tree.nodes(level)).isEqualTo(nodes[level - 1]);
      assertThat(tree.nodesBelow(level)).isEqualTo(below);
      below += nodes[level - 1];
    }
    assertThat(tree.nodes(0)).isEqualTo(blocks);
  }

  @Test
  void sectionsStartAtMultiplesOf4096() {
    SignatureLayout layout =
        new SignatureLayout(Volume.shape(300 * 65_536L, 65_536, HashKind.SHA256));
    assertThat(layout.hashes()).isEqualTo(4096);
    assertThat(layout.nodes(1)).isEqualTo(4096 + 12_288);
    assertThat(layout.nodes(2)).isEqualTo(4096 + 12_288 + 2 * 32);
    assertThat(layout.pageSums()).isEqualTo(4096 + 12_288 + 4096);
    assertThat(layout.length()).isEqualTo(4096 + 12_288 + 4096 + 300 * 16 * 12);
  }

  @Test
  void theLargestVolumeOverflowsNothing() {
    SignatureLayout layout =
        new SignatureLayout(Volume.shape(Geometry.MAX_SIZE, 4096, HashKind.SHA256));
    assertThat(layout.tree().levels()).isEqualTo(6);
    assertThat(layout.length())
        .isGreaterThan(layout.pageSums())
        .isGreaterThan((1L << 48) * 44)
        .isLessThan((1L << 48) * 45);
  }
}
