package snapferry.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PageIndexTest {
  private static final int PAGES = 200_000;
  private static final int[] SUMS = new SplittableRandom(5).ints(PAGES).toArray();

  private final long[] found = new long[PageIndex.MAX_FOUND];

  private static PageIndex of(int[] sums, long memory) {
    PageIndex index = PageIndex.create(sums.length, memory);
    for (int page = 0; page < sums.length; page++) {
      index.add(page, sums[page]);
    }
    return index;
  }

  private boolean finds(PageIndex index, long page, int sum) {
    return LongStream.of(found).limit(index.find(sum, found)).anyMatch(each -> each == page);
  }

  @Test
  void nearlyEveryPageIsFoundByItsSumAndNearlyNothingElseIs() {
    PageIndex index = of(SUMS, 1 << 30);
    assertThat(index.sampling()).isZero();
    long hits = IntStream.range(0, PAGES).filter(page -> finds(index, page, SUMS[page])).count();
    assertThat(hits).as("of %d pages, seed 5", PAGES).isGreaterThan(PAGES * 97L / 100);
    long others =
        new SplittableRandom(6).ints(PAGES).filter(sum -> index.find(sum, found) > 0).count();
    assertThat(others).as("false finds, seeds 5 and 6").isLessThan(50);
  }

  @Test
  void anIndexOfSeveralPiecesOfMemoryFindsPagesInEach() {
    PageIndex index = PageIndex.create(8_000_000, 1L << 30);
    for (int page = 0; page < PAGES; page++) {
      index.add(page, SUMS[page]);
    }
    assertThat(IntStream.range(0, PAGES).filter(page -> !finds(index, page, SUMS[page])))
        .as("seed 5")
        .isEmpty();
  }

  @Test
  void anIndexThatIsTooSmallHoldsASampleChosenByContent() {
    PageIndex index = of(SUMS, 1 << 18);
    assertThat(index.sampling()).isEqualTo(4);
    PageIndex backwards = PageIndex.create(PAGES, 1 << 18);
    for (int page = PAGES - 1; page >= 0; page--) {
      backwards.add(page, SUMS[page]);
    }
    int sampled = 0;
    int differ = 0;
    for (int page = 0; page < PAGES; page++) {
      boolean there = finds(index, page, SUMS[page]);
      sampled += there ? 1 : 0;
      differ += there == finds(backwards, page, SUMS[page]) ? 0 : 1;
    }
    assertThat(sampled).isBetween(PAGES / 16 * 9 / 10, PAGES / 16 * 11 / 10);
    assertThat(differ).as("chosen by the order of adding").isLessThan(sampled / 10);
  }

  @Test
  void ofPagesThatAreAlikeTwoAreKept() {
    PageIndex index = PageIndex.create(1000, 1 << 20);
    for (int page = 0; page < 1000; page++) {
      index.add(page, 77);
    }
    assertThat(index.find(77, found)).isEqualTo(PageIndex.ALIKE);
    assertThat(found).startsWith(0, 1);
  }

  @Test
  void pageNumbersThatDoNotFitAreLeftOut() {
    PageIndex index = PageIndex.create(10, 1 << 20);
    index.add((1L << 40) - 2, 1);
    index.add((1L << 40) - 1, 2);
    assertThat(finds(index, (1L << 40) - 2, 1)).isTrue();
    assertThat(index.find(2, found)).isZero();
  }

  @Test
  void moreMemoryThanTheJvmHasIsNoError() {
    PageIndex index = PageIndex.create(1L << 48, 1L << 40);
    assertThat(index.sampling()).isPositive();
    index.add(1, 0);
    assertThat(finds(index, 1, 0)).isTrue();
  }
}
