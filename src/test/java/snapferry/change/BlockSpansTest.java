package snapferry.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.extent.BlockSize;
import snapferry.extent.Extent;
import snapferry.extent.Geometry;

/** From spans at any border to runs of whole blocks. */
@NullMarked
class BlockSpansTest {
  private static final BlockSize BLOCK = new BlockSize(8192);
  private static final int SECTORS = 8192 / BlockSize.SECTOR;

  @Test
  void everyBlockComesOnceAndIsReadUnlessAllItsBytesAreSaidToBeOfOneOtherKind() throws IOException {
    for (long seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      Sectors volume = Sectors.random(random);
      int limit = 1 + random.nextInt(5);
      Geometry geometry = volume.geometry();
      List<Span.Kind> kinds = new ArrayList<>();
      for (BlockSpans.Run run : runs(new BlockSpans(volume, geometry), limit)) {
        assertThat(run.first()).as("first block, seed %d", seed).isEqualTo(kinds.size());
        assertThat(run.count()).as("blocks of a run, seed %d", seed).isPositive();
        if (run.kind().isRead()) {
          assertThat(run.count()).as("blocks to read, seed %d", seed).isLessThanOrEqualTo(limit);
        }
        for (int i = 0; i < run.count(); i++) {
          kinds.add(run.zeros().get(i) ? Span.Kind.ZERO : run.kind());
        }
      }
      assertThat(kinds).as("kinds of blocks, seed %d", seed).isEqualTo(volume.expected());
    }
  }

  @Test
  void runsThatNeedNoReadingAreAsLongAsTheyAre() throws IOException {
    Geometry geometry = new Geometry(100 * 8192 + 512, BLOCK);
    Sectors volume = new Sectors(geometry);
    Arrays.fill(volume.kinds, Span.Kind.ZERO);
    assertThat(runs(new BlockSpans(volume, geometry), 2))
        .containsExactly(new BlockSpans.Run(0, 101, Span.Kind.ZERO));
  }

  @Test
  void whatIsReadGoesOnAcrossZerosThatAreShorterThanWhatMayBeRead() throws IOException {
    Geometry geometry = new Geometry(20 * 8192, BLOCK);
    Sectors volume = new Sectors(geometry);
    Arrays.fill(volume.kinds, Span.Kind.ZERO);
    for (int block : new int[] {0, 3, 4, 8, 19}) {
      Arrays.fill(volume.kinds, block * SECTORS, (block + 1) * SECTORS, Span.Kind.READ);
    }
    BitSet zeros = new BitSet();
    zeros.set(1, 3);
    zeros.set(5, 8);
    assertThat(runs(new BlockSpans(volume, geometry), 10))
        .containsExactly(
            new BlockSpans.Run(0, 9, Span.Kind.READ, zeros),
            new BlockSpans.Run(9, 10, Span.Kind.ZERO),
            new BlockSpans.Run(19, 1, Span.Kind.READ));
  }

  @Test
  void whatASourceSaysBeyondTheVolumeIsNotHeard() throws IOException {
    Geometry geometry = new Geometry(3 * 8192, BLOCK);
    for (Span.Kind kind : Span.Kind.values()) {
      ChangeSource grown = new Told(kind, 10 * 8192);
      assertThat(runs(new BlockSpans(grown, geometry), 64))
          .as("a grown volume that is all %s", kind)
          .containsExactly(new BlockSpans.Run(0, 3, kind));
    }
  }

  private static List<BlockSpans.Run> runs(BlockSpans spans, int limit) throws IOException {
    List<BlockSpans.Run> runs = new ArrayList<>();
    for (BlockSpans.Run run = spans.next(limit); run != null; run = spans.next(limit)) {
      runs.add(run);
    }
    assertThat(spans.next(limit)).as("after the end").isNull();
    return runs;
  }

  /** Says the same of all bytes up to {@code end}. */
  private record Told(Span.Kind kind, long end) implements ChangeSource {
    @Override
    public String name() {
      return "told";
    }

    @Override
    public Span next(long offset) {
      return new Span(new Extent(offset, end - offset), kind);
    }
  }

  /** A volume that is told of sector by sector, in spans that may end where nothing changes. */
  private static final class Sectors implements ChangeSource {
    private final Geometry geometry;
    private final Span.Kind[] kinds;
    private final boolean[] borders;

    Sectors(Geometry geometry) {
      this.geometry = geometry;
      kinds = new Span.Kind[(int) (geometry.size() / BlockSize.SECTOR)];
      borders = new boolean[kinds.length];
    }

    static Sectors random(Random random) {
      int sectors = 1 + random.nextInt(12 * SECTORS);
      Sectors volume = new Sectors(new Geometry((long) sectors * BlockSize.SECTOR, BLOCK));
      boolean aligned = random.nextBoolean();
      int longest = 1 + random.nextInt(4 * SECTORS);
      for (int at = 0; at < sectors; ) {
        int end = at + 1 + random.nextInt(longest);
        end = Math.min(sectors, aligned ? (end / SECTORS + 1) * SECTORS : end);
        Span.Kind[] all = Span.Kind.values();
        Arrays.fill(volume.kinds, at, end, all[random.nextInt(all.length)]);
        volume.borders[end - 1] = true;
        at = end;
      }
      return volume;
    }

    Geometry geometry() {
      return geometry;
    }

    List<Span.Kind> expected() {
      List<Span.Kind> expected = new ArrayList<>();
      for (int at = 0; at < kinds.length; at += SECTORS) {
        Span.Kind kind = kinds[at];
        for (int i = at; i < Math.min(kinds.length, at + SECTORS); i++) {
          kind = kinds[i] == kind ? kind : Span.Kind.READ;
        }
        expected.add(kind);
      }
      return expected;
    }

    @Override
    public String name() {
      return "sectors";
    }

    @Override
    public Span next(long offset) {
      int first = (int) (offset / BlockSize.SECTOR);
      int end = first + 1;
      while (end < kinds.length && !borders[end - 1] && kinds[end] == kinds[first]) {
        end++;
      }
      Extent extent = new Extent(offset, (long) end * BlockSize.SECTOR - offset);
      return new Span(extent, kinds[first]);
    }
  }
}
