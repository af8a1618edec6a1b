package snapferry.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.extent.Extent;

/** What a map of changes says of every byte. */
@NullMarked
class ChangeMapTest {
  private static final int UNIT = 4096;
  private static final long TEBIBYTE = 1L << 40;

  @Test
  void anEmptyMapSaysThatNothingChanged() {
    ChangeMap map = new ChangeMap("cow", 10_240);
    assertThat(map.next(0)).isEqualTo(new Span(new Extent(0, 10_240), Span.Kind.UNCHANGED));
    assertThat(map.next(5000)).isEqualTo(new Span(new Extent(5000, 5240), Span.Kind.UNCHANGED));
    assertThat(map.bytesToRead()).isZero();
  }

  @Test
  void theSpansTileTheVolume() {
    ChangeMap map = new ChangeMap("thin", 10 * UNIT + 512);
    map.mayDiffer(new Extent(2 * UNIT + 7, 1));
    map.isZero(new Extent(5 * UNIT, 2 * UNIT));
    map.mayDiffer(new Extent(10 * UNIT, 512));
    assertThat(map.next(0)).isEqualTo(new Span(new Extent(0, 2 * UNIT), Span.Kind.UNCHANGED));
    assertThat(map.next(2 * UNIT)).isEqualTo(new Span(new Extent(2 * UNIT, UNIT), Span.Kind.READ));
    assertThat(map.next(3 * UNIT))
        .isEqualTo(new Span(new Extent(3 * UNIT, 2 * UNIT), Span.Kind.UNCHANGED));
    assertThat(map.next(5 * UNIT))
        .isEqualTo(new Span(new Extent(5 * UNIT, 2 * UNIT), Span.Kind.ZERO));
    assertThat(map.next(10 * UNIT)).isEqualTo(new Span(new Extent(10 * UNIT, 512), Span.Kind.READ));
  }

  @Test
  void whatLiesBeyondTheVolumeDoesNotMatter() {
    ChangeMap map = new ChangeMap("cow", UNIT);
    map.mayDiffer(new Extent(UNIT, UNIT));
    map.isZero(new Extent(Long.MAX_VALUE - 1, 1));
    assertThat(map.next(0)).isEqualTo(new Span(new Extent(0, UNIT), Span.Kind.UNCHANGED));
    map.mayDiffer(new Extent(0, Long.MAX_VALUE));
    assertThat(map.next(0)).isEqualTo(new Span(new Extent(0, UNIT), Span.Kind.READ));
  }

  @Test
  void ofZerosOnlyTheEdgesWithinUnitsAreRead() {
    long size = 10 * UNIT + 512;
    ChangeMap whole = new ChangeMap("thin", size);
    whole.isZero(new Extent(2 * UNIT, 3 * UNIT));
    whole.isZero(new Extent(9 * UNIT, UNIT + 512));
    whole.isZero(new Extent(size, 1));
    whole.mayDiffer(new Extent(size, 1));
    assertThat(whole.bytesToRead()).isZero();
    assertThat(whole.next(2 * UNIT))
        .isEqualTo(new Span(new Extent(2 * UNIT, 3 * UNIT), Span.Kind.ZERO));
    assertThat(whole.next(9 * UNIT))
        .isEqualTo(new Span(new Extent(9 * UNIT, UNIT + 512), Span.Kind.ZERO));

    ChangeMap edges = new ChangeMap("thin", size);
    edges.isZero(new Extent(2 * UNIT + 1, 3 * UNIT));
    assertThat(edges.bytesToRead()).isEqualTo(2 * UNIT);
    assertThat(edges.next(2 * UNIT).kind()).isEqualTo(Span.Kind.READ);
    assertThat(edges.next(3 * UNIT))
        .isEqualTo(new Span(new Extent(3 * UNIT, 2 * UNIT), Span.Kind.ZERO));
    assertThat(edges.next(5 * UNIT))
        .isEqualTo(new Span(new Extent(5 * UNIT, UNIT), Span.Kind.READ));
  }

  @Test
  void ofALargeVolumeLargerUnitsAreRead() {
    long size = 100 * TEBIBYTE;
    ChangeMap map = new ChangeMap("cow", size);
    map.mayDiffer(new Extent(size - 1, 1));
    Span last = map.next(size - 1);
    assertThat(last.kind()).isEqualTo(Span.Kind.READ);
    assertThat(map.bytesToRead()).isLessThanOrEqualTo(2 << 20);
    assertThat(map.next(0).extent().end()).isEqualTo(size - map.bytesToRead());
  }

  @Test
  void noByteIsSaidToBeLessThanItIs() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int size = (random.nextInt(100_000) / 512 + 1) * 512;
      ChangeMap map = new ChangeMap("thin", size);
      boolean[] differs = new boolean[size];
      boolean[] zero = new boolean[size];
      for (int i = random.nextInt(6); i >= 0; i--) {
        int from = random.nextInt(size);
        int length = random.nextInt(size) + 1;
        boolean zeros = random.nextBoolean();
        if (zeros) {
          map.isZero(new Extent(from, length));
        } else {
          map.mayDiffer(new Extent(from, length));
        }
        for (int at = from; at < Math.min(size, from + length); at++) {
          (zeros ? zero : differs)[at] = true;
        }
      }
      long end = 0;
      while (end < size) {
        Span span = map.next(end);
        assertThat(span.extent().offset()).as("seed %s", seed).isEqualTo(end);
        end = span.extent().end();
        for (int at = (int) span.extent().offset(); at < end; at++) {
          boolean enough =
              switch (span.kind()) {
                case READ -> true;
                case ZERO -> zero[at] && !differs[at];
                default -> !zero[at] && !differs[at];
              };
          if (!enough) {
            assertThat(span.kind()).as("seed %s, byte %s", seed, at).isNull();
          }
        }
      }
      assertThat(end).as("seed %s", seed).isEqualTo(size);
    }
  }
}
