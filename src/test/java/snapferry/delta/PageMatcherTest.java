package snapferry.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.codec.LittleEndian;
import snapferry.delta.MatchLimits.Mode;
import snapferry.extent.Geometry;

/** Every copy that is found is true, and what moved is found. */
class PageMatcherTest {
  private static final int PAGE = 4096;
  private static final int BLOCK = 16 << 10;
  private static final int MIB = 1 << 20;

  /** Pages that a match loses at its edges. */
  private static final int EDGES = 2 * PAGE;

  /** What is shorter is not looked at byte by byte. */
  private static final int STRETCH = 64 << 10;

  private final SplittableRandom random = new SplittableRandom(11);
  private long readAround;

  private byte[] random(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Matches all of {@code next} in stretches of so many bytes; bytes that are found. */
  private int match(Basis basis, byte[] next, int stretch, Mode mode, long memory)
      throws IOException {
    SignatureShape shape = basis.shape;
    Geometry geometry = shape.geometry();
    MoveSearch moved = new MoveSearch(shape, basis, new MatchLimits(mode, memory));
    PageMatcher matcher =
        moved.matcher(
            (offset, into) -> {
              readAround += into.remaining();
              into.put(next, (int) offset, into.remaining());
            });
    int blockSize = geometry.blockSize().bytes();
    int blocks = stretch / blockSize;
    NewPages pages = new NewPages(shape, blocks);
    BlockSigner signer = new BlockSigner(shape);
    ByteBuffer bytes = LittleEndian.direct(stretch);
    ByteBuffer basisSums = LittleEndian.heap(shape.pageSumsLength());
    int found = 0;
    for (int first = 0; first < geometry.blocks(); first += blocks) {
      int count = (int) Math.min(blocks, geometry.blocks() - first);
      int length = (int) geometry.extent(first, count).length();
      bytes.clear().put(next, first * blockSize, length).clear();
      pages.begin(first, count, bytes);
      for (int i = 0; i < count; i++) {
        int blockLength = geometry.length(first + i);
        int at = (first + i) * blockSize;
        byte[] before = basis.bytes(at, blockLength);
        if (Arrays.equals(before, Arrays.copyOfRange(next, at, at + blockLength))) {
          continue;
        }
        signer.pageSums(bytes, i * blockSize, blockLength, pages.sums(), pages.sumsAt(i));
        basis.pageSums(first + i, 1, basisSums.clear());
        PageDiff.classify(
            pages.sums(), pages.sumsAt(i), basisSums, 0, geometry.pages(first + i), pages.ops(i));
      }
      matcher.match(pages);
      for (int i = 0; i < count; i++) {
        found += copied(basis, next, pages, first + i, i);
      }
    }
    return found;
  }

  /** Checks the copies of a block. */
  private static int copied(Basis basis, byte[] next, NewPages pages, int block, int i) {
    Geometry geometry = basis.shape.geometry();
    int found = 0;
    for (int page = 0; page < geometry.pages(block); page++) {
      if (pages.ops(i)[page] == PageRuns.COPY) {
        int at = (int) geometry.offset(block) + page * PAGE;
        int length = geometry.pageLength(block, page);
        assertThat(basis.bytes(pages.sources(i)[page], length))
            .as("copy to %d from %d", at, pages.sources(i)[page])
            .isEqualTo(Arrays.copyOfRange(next, at, at + length));
        found += length;
      }
    }
    return found;
  }

  /**
   * {@code length} bytes from {@code from} on are at {@code to} as well; what was there is gone.
   */
  private static byte[] moved(byte[] old, int from, int to, int length) {
    byte[] next = old.clone();
    System.arraycopy(old, from, next, to, length);
    return next;
  }

  @ParameterizedTest
  @ValueSource(ints = {MIB, -MIB, PAGE, -PAGE, 512, -512, 137, -137, 1000, 4095})
  void whatMovedByAnyDistanceIsFoundInStretchesOfAnyLength(int distance) throws IOException {
    byte[] old = random(5 * MIB + 512);
    byte[] next = moved(old, MIB + 777, MIB + 777 + distance, 2 * MIB);
    for (int stretch : new int[] {64 << 10, 256 << 10, 2 * MIB}) {
      Basis basis = new Basis(old, BLOCK);
      int found = match(basis, next, stretch, Mode.AUTO, MIB);
      assertThat(found)
          .as("moved by %d, stretches of %d", distance, stretch)
          .isGreaterThan(2 * MIB - EDGES - STRETCH);
    }
  }

  @Test
  void aMoveByMultiplesOfAPageReadsNothingMore() throws IOException {
    byte[] old = random(4 * MIB);
    match(new Basis(old, BLOCK), moved(old, 0, MIB, 2 * MIB), 256 << 10, Mode.AUTO, MIB);
    assertThat(readAround).isZero();
  }

  @Test
  void whatMovedByWholePagesIsFoundFromTheFirstPageToTheLast() throws IOException {
    byte[] old = random(4 * MIB);
    byte[] up = moved(old, 0, 2 * MIB, 2 * MIB);
    assertThat(match(new Basis(old, BLOCK), up, MIB, Mode.SECTOR, MIB)).isEqualTo(2 * MIB);
    byte[] down = moved(old, 2 * MIB, 0, 2 * MIB);
    assertThat(match(new Basis(old, BLOCK), down, MIB, Mode.SECTOR, MIB)).isEqualTo(2 * MIB);
  }

  @Test
  void anUnalignedMoveReadsLessThanAPageAtEachEdge() throws IOException {
    byte[] old = random(4 * MIB);
    int found = match(new Basis(old, BLOCK), moved(old, 0, 512, MIB), 64 << 10, Mode.AUTO, MIB);
    assertThat(found).isGreaterThan(MIB - EDGES);
    assertThat(readAround).isBetween(1L, 2L * PAGE * (MIB / (64 << 10) + 1));
  }

  @Test
  void offsetsWithinASectorAreFoundByByteAndNotBySector() throws IOException {
    byte[] old = random(3 * MIB);
    byte[] next = moved(old, MIB, MIB + 137, MIB);
    assertThat(match(new Basis(old, BLOCK), next, MIB, Mode.SECTOR, MIB)).isZero();
    assertThat(match(new Basis(old, BLOCK), next, MIB, Mode.BYTE, MIB)).isGreaterThan(MIB - EDGES);
    byte[] bySector = moved(old, MIB, MIB + 512, MIB);
    assertThat(match(new Basis(old, BLOCK), bySector, MIB, Mode.SECTOR, MIB))
        .isGreaterThan(MIB - EDGES);
  }

  @Test
  void aMatchGoesOnBehindAPageThatChanged() throws IOException {
    byte[] old = random(3 * MIB);
    byte[] next = moved(old, 0, MIB + 512, MIB);
    for (int at = MIB + 100_000; at < 2 * MIB; at += 100_000) {
      next[at] ^= 1;
    }
    int found = match(new Basis(old, BLOCK), next, MIB, Mode.SECTOR, MIB);
    // A byte that differs spoils a window, and with it at most two pages.
    assertThat(found).isGreaterThan(MIB - EDGES - 10 * 2 * PAGE);
  }

  /** Too short to be looked at by byte, and for the others nothing is looked up as often. */
  @ParameterizedTest
  @ValueSource(ints = {137, -137, 4096 + 137, 512})
  void shortRunsAreFoundWhereWhatIsAroundThemCameFrom(int distance) throws IOException {
    byte[] old = random(4 * MIB);
    byte[] next = moved(old, MIB + 777, 2 * MIB + 777 + distance, MIB);
    int runs = 0;
    for (int at = 2 * MIB + 512 * 1024; at + 12 * PAGE < 3 * MIB; at += 12 * PAGE, runs++) {
      System.arraycopy(old, at, next, at, PAGE);
    }
    int found = match(new Basis(old, PAGE), next, MIB, Mode.BYTE, MIB);
    // Of eleven pages those at the edges have windows that reach into the page that did not change.
    assertThat(found).isGreaterThan(512 * 1024 - EDGES + runs * 9 * PAGE);
  }

  @Test
  void zerosWithinWhatMovedAreFoundWithIt() throws IOException {
    byte[] old = random(3 * MIB);
    Arrays.fill(old, 300_000, 500_000, (byte) 0);
    byte[] next = moved(old, 0, MIB + 137, MIB);
    int found = match(new Basis(old, BLOCK), next, MIB, Mode.AUTO, MIB);
    assertThat(found).isGreaterThan(MIB - 200_000 - EDGES - 2 * PAGE);
  }

  @Test
  void aSampledIndexStillFindsWhatIsLong() throws IOException {
    byte[] old = random(32 * MIB);
    byte[] next = moved(old, 4 * MIB, 20 * MIB + 137, 8 * MIB);
    int found = match(new Basis(old, BLOCK), next, MIB, Mode.AUTO, 1 << 16);
    assertThat(found).isGreaterThan(8 * MIB - EDGES - PAGE);
  }

  @Test
  void ofABasisThatIsStillArrivingWhatArrivedIsFound() throws IOException {
    byte[] old = random(4 * MIB);
    Basis basis = new Basis(old, BLOCK);
    basis.known = MIB / BLOCK;
    assertThat(match(basis, moved(old, 0, 2 * MIB, 2 * MIB), MIB, Mode.AUTO, MIB)).isEqualTo(MIB);
    basis.known = 0;
    assertThat(match(basis, moved(old, 0, 2 * MIB, 2 * MIB), MIB, Mode.AUTO, MIB)).isZero();
  }

  @Test
  void aFewPagesMakeNoIndex() throws IOException {
    byte[] old = random(MIB);
    byte[] next = moved(old, 0, MIB / 2, 7 * PAGE);
    Basis basis = new Basis(old, PAGE);
    assertThat(match(basis, next, MIB, Mode.BYTE, MIB)).isZero();
    assertThat(basis.asked).as("asked by the test itself").isEqualTo(7);
  }

  @Test
  void pagesThatAreAllEqualStayLinear() throws IOException {
    byte[] old = random(4 * MIB);
    Arrays.fill(old, 0, MIB, (byte) 'a');
    byte[] next = old.clone();
    Arrays.fill(next, 2 * MIB, 4 * MIB, (byte) 'a');
    for (Mode mode : new Mode[] {Mode.AUTO, Mode.BYTE}) {
      Basis basis = new Basis(old, PAGE);
      assertThat(match(basis, next, MIB, mode, MIB)).isEqualTo(2 * MIB);
      // The test asks once a page, so does the index; and the matcher a few times a new page.
      assertThat(basis.asked).isLessThan((4 + 4 + 4 * 2) * (MIB / PAGE));
    }
  }

  @Test
  void weakSumsThatCollideOnPurposeStayLinear() throws IOException {
    // Both swaps leave Adler-32 as it is: plain sums agree, and so do weighted ones.
    byte[] old = random(4 * MIB);
    byte[] twin = random(PAGE);
    for (int page = 0; page < MIB / PAGE; page++) {
      System.arraycopy(twin, 0, old, page * PAGE, PAGE);
      collide(old, page * PAGE, page);
    }
    byte[] next = random(4 * MIB);
    for (int page = 0; page < next.length / PAGE; page++) {
      System.arraycopy(twin, 0, next, page * PAGE, PAGE);
      collide(next, page * PAGE, page + 10_000);
    }
    for (Mode mode : new Mode[] {Mode.AUTO, Mode.BYTE}) {
      Basis basis = new Basis(old, PAGE);
      assertThat(match(basis, next, MIB, mode, MIB)).isZero();
      // A proof asks for the sums of at most two pages.
      int pages = 4 * MIB / PAGE;
      assertThat(basis.asked).isLessThan(2 * pages + 2 * (int) MatchBudget.FIRST_FAILURES);
    }
  }

  /** Makes a page another one with the same Adler-32: +1 -1 and, as far apart, -1 +1. */
  private static void collide(byte[] bytes, int at, int which) {
    for (int bit = 0; bit < 16; bit++) {
      if ((which >> bit & 1) != 0) {
        int place = at + bit * 8;
        bytes[place] = 1;
        bytes[place + 1] = 0;
        bytes[place + 2] = 0;
        bytes[place + 3] = 1;
      } else {
        int place = at + bit * 8;
        bytes[place] = 0;
        bytes[place + 1] = 1;
        bytes[place + 2] = 1;
        bytes[place + 3] = 0;
      }
    }
  }
}
