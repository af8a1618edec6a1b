package snapferry.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static snapferry.delta.PageRuns.COPY;
import static snapferry.delta.PageRuns.LITERAL;
import static snapferry.delta.PageRuns.SAME;
import static snapferry.delta.PageRuns.ZERO;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.extent.Geometry;

class PageRunsTest {
  @Test
  void runsHaveTheBytesOfTheDocument() {
    byte[] ops = new byte[16];
    Arrays.fill(ops, 3, 5, ZERO);
    Arrays.fill(ops, 5, 16, LITERAL);
    assertThat(encode(ops, 16)).containsExactly(0x02, 0x41, 0x8a);
  }

  @Test
  void aRunEndsAfter64Pages() {
    byte[] ops = new byte[256];
    Arrays.fill(ops, LITERAL);
    assertThat(encode(ops, 256)).containsExactly(0xbf, 0xbf, 0xbf, 0xbf);
    assertThat(encode(ops, 65)).containsExactly(0xbf, 0x80);
  }

  @Test
  void whatIsEncodedDecodesToTheSame() throws FormatException {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 2000; round++) {
      int pages = 1 << random.nextInt(9);
      byte[] ops = new byte[pages];
      long[] sources = new long[pages];
      for (int page = 0; page < pages; page++) {
        boolean again = page > 0 && random.nextInt(8) > 0;
        ops[page] = again ? ops[page - 1] : (byte) random.nextInt(4);
        if (ops[page] == COPY) {
          boolean follows = again && random.nextInt(4) > 0;
          sources[page] = follows ? sources[page - 1] + 4096 : random.nextLong(1L << 60);
        }
      }
      int literal = random.nextInt(pages);
      ops[literal] = LITERAL;
      sources[literal] = 0;
      byte[] decoded = new byte[pages];
      long[] decodedSources = new long[pages];
      ByteBuffer runs = encode(ops, sources, pages);
      assertThat(runs.remaining()).isLessThanOrEqualTo(PageRuns.maxLength(pages));
      PageRuns.decode(runs, decoded, decodedSources, pages);
      assertThat(decoded).as("seed 7, round %d", round).isEqualTo(ops);
      assertThat(decodedSources).as("seed 7, round %d", round).isEqualTo(sources);
      assertThat(runs.hasRemaining()).as("seed 7, round %d", round).isFalse();
    }
  }

  @Test
  void copiesThatFollowEachOtherAreOneRunAndOthersAreNot() {
    byte[] ops = {COPY, COPY, COPY};
    byte[] runs = new byte[18];
    encode(ops, new long[] {7, 7 + 4096, 1}, 3).get(runs);
    assertThat(runs).containsExactly(0xc1, 7, 0, 0, 0, 0, 0, 0, 0, 0xc0, 1, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void copiesMayComeFromAnywhereInALargestVolume() throws FormatException {
    for (long source : new long[] {0, Geometry.MAX_SIZE}) {
      long[] decoded = {-1};
      PageRuns.decode(encode(new byte[] {COPY}, new long[] {source}, 1), new byte[1], decoded, 1);
      assertThat(decoded).containsExactly(source);
    }
  }

  @Test
  void copiesThatNoEncoderWritesAreRefused() {
    assertRefused("where nothing may be copied", 1, COPY << 6, 1, 0, 0, 0, 0, 0, 0, 0);
    assertRefused(new long[1], "within the source", 1, COPY << 6, 1, 0, 0, 0, 0, 0, 0);
    assertRefused(new long[1], "9223372036854775808", 1, COPY << 6, 0, 0, 0, 0, 0, 0, 0, 0x80);
    assertRefused(new long[1], "Copy from", 1, COPY << 6, 0, 0, 0, 0, 0, 0, 0, 0x20);
    int[] should = {COPY << 6, 1, 0, 0, 0, 0, 0, 0, 0, COPY << 6, 1, 0x10, 0, 0, 0, 0, 0, 0};
    assertRefused(new long[2], "should be one", 2, should);
  }

  @Test
  void decodingLeavesWhatFollows() throws FormatException {
    ByteBuffer in = ByteBuffer.wrap(new byte[] {(byte) 0x80, 0x00, 0x77});
    PageRuns.decode(in, new byte[2], PageRuns.NO_COPIES, 2);
    assertThat(in.get()).isEqualTo((byte) 0x77);
  }

  @Test
  void runsThatNoEncoderWritesAreRefused() {
    assertRefused("end after 1 of 2 pages", 2, 0x80);
    assertRefused("end after 0 of 1 pages", 1);
    assertRefused("should be one", 3, 0x80, 0x81);
    assertRefused("3 with 2 pages left", 2, 0x82);
    assertRefused("change nothing", 2, SAME << 6 | 1);
  }

  @Test
  void aFullRunMayBeFollowedByItsLike() throws FormatException {
    byte[] ops = new byte[128];
    PageRuns.decode(ByteBuffer.wrap(new byte[] {0x7f, 0x7f}), ops, PageRuns.NO_COPIES, 128);
    assertThat(ops).containsOnly(ZERO);
  }

  private static void assertRefused(String why, int pages, int... runs) {
    assertRefused(PageRuns.NO_COPIES, why, pages, runs);
  }

  private static void assertRefused(long[] sources, String why, int pages, int... runs) {
    byte[] bytes = new byte[runs.length];
    for (int i = 0; i < runs.length; i++) {
      bytes[i] = (byte) runs[i];
    }
    assertThatThrownBy(
            () -> PageRuns.decode(LittleEndian.wrap(bytes), new byte[pages], sources, pages))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(why);
  }

  private static byte[] encode(byte[] ops, int pages) {
    ByteBuffer out = encode(ops, PageRuns.NO_COPIES, pages);
    return Arrays.copyOf(out.array(), out.limit());
  }

  private static ByteBuffer encode(byte[] ops, long[] sources, int pages) {
    ByteBuffer out = LittleEndian.heap(PageRuns.maxLength(pages));
    PageRuns.encode(ops, sources, pages, out);
    return out.flip();
  }
}
