package snapferry.patrol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import snapferry.change.BlockSpans;
import snapferry.change.ChangeMap;
import snapferry.change.Span;
import snapferry.extent.BlockSize;
import snapferry.extent.Extent;
import snapferry.extent.Geometry;

/** A hint is checked within the slice, and believed elsewhere. */
@NullMarked
class PatrolledChangesTest {
  private static final BlockSize BLOCK = new BlockSize(8192);

  private final long seed = new Random().nextLong();

  @Test
  void whatIsUnchangedWithinTheSliceIsPatrolledAndNothingElseIsAnother() throws IOException {
    for (long each = seed; each < seed + 2000; each++) {
      Random random = new Random(each);
      Geometry geometry = new Geometry((1L + random.nextInt(700)) * BlockSize.SECTOR, BLOCK);
      ChangeMap hint = new ChangeMap("hint", geometry.size());
      for (int i = random.nextInt(6); i > 0; i--) {
        Extent extent = new Extent(random.nextLong(geometry.size()), 1L + random.nextInt(30_000));
        if (random.nextBoolean()) {
          hint.mayDiffer(extent);
        } else {
          hint.isZero(extent);
        }
      }
      Slice slice =
          new Slice(
              geometry, random.nextLong(geometry.blocks()), random.nextLong(geometry.blocks() + 1));
      Span.Kind[] hinted = kinds(new BlockSpans(hint, geometry), geometry, random);
      Span.Kind[] patrolled =
          kinds(new BlockSpans(new PatrolledChanges(hint, slice), geometry), geometry, random);
      Span.Kind[] image =
          kinds(new BlockSpans(new SliceOfImage(slice), geometry), geometry, random);
      for (int block = 0; block < hinted.length; block++) {
        boolean inside = slice.contains(block);
        boolean checked = inside && hinted[block] == Span.Kind.UNCHANGED;
        assertThat(patrolled[block])
            .as("block %d, seed %d", block, each)
            .isEqualTo(checked ? Span.Kind.PATROL : hinted[block]);
        assertThat(image[block])
            .as("block %d, seed %d", block, each)
            .isEqualTo(inside ? Span.Kind.READ : Span.Kind.UNCHANGED);
      }
    }
  }

  private static Span.Kind[] kinds(BlockSpans spans, Geometry geometry, Random random)
      throws IOException {
    Span.Kind[] kinds = new Span.Kind[(int) geometry.blocks()];
    int limit = 1 + random.nextInt(9);
    for (BlockSpans.@Nullable Run run = spans.next(limit); run != null; run = spans.next(limit)) {
      for (int i = 0; i < run.count(); i++) {
        kinds[(int) run.first() + i] = run.zeros().get(i) ? Span.Kind.ZERO : run.kind();
      }
    }
    return kinds;
  }
}
