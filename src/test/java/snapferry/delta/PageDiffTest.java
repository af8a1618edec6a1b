package snapferry.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static snapferry.delta.PageRuns.LITERAL;
import static snapferry.delta.PageRuns.SAME;
import static snapferry.delta.PageRuns.ZERO;
import static snapferry.delta.SignatureShape.PAGE_SUM;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import snapferry.codec.LittleEndian;

class PageDiffTest {
  private final byte[] ops = new byte[4];

  @Test
  void eachPageIsSameOrZeroOrLiteral() {
    int literals = PageDiff.classify(sums(5, 0, 7, 0), 3, sums(5, 6, 8, 0), 3, 4, ops);
    assertThat(ops).containsExactly(SAME, ZERO, LITERAL, SAME);
    assertThat(literals).isEqualTo(1);
  }

  @Test
  void halfASumThatDiffersIsADifference() {
    ByteBuffer otherWeak = sums(5, 5, 5, 5).putInt(3, 6);
    ByteBuffer otherStrong = sums(5, 5, 5, 5).putLong(3 + PAGE_SUM + 4, 6);
    assertThat(PageDiff.classify(otherWeak, 3, otherStrong, 3, 4, ops)).isEqualTo(2);
    assertThat(ops).containsExactly(LITERAL, LITERAL, SAME, SAME);
  }

  @Test
  void aPageWithHalfASumIsNotZero() {
    ByteBuffer sums = sums(0, 0, 0, 0).putInt(3, 1).putLong(3 + PAGE_SUM + 4, 1);
    assertThat(PageDiff.classify(sums, 3, sums(5, 5, 5, 5), 3, 4, ops)).isEqualTo(2);
    assertThat(ops).containsExactly(LITERAL, LITERAL, ZERO, ZERO);
  }

  @Test
  void sumsThatCollideInEveryPageSendTheBlockWhole() {
    int literals = PageDiff.classify(sums(5, 0, 7, 8), 3, sums(5, 0, 7, 8), 3, 4, ops);
    assertThat(ops).containsExactly(LITERAL, ZERO, LITERAL, LITERAL);
    assertThat(literals).isEqualTo(3);
  }

  @Test
  void aWholeBlockKeepsNoPageOfTheBasis() {
    assertThat(PageDiff.whole(sums(1, 0, 2, 0), 3, 4, ops)).isEqualTo(2);
    assertThat(ops).containsExactly(LITERAL, ZERO, LITERAL, ZERO);
  }

  private static ByteBuffer sums(int... values) {
    ByteBuffer sums = LittleEndian.heap(3 + values.length * PAGE_SUM).position(3);
    for (int value : values) {
      sums.putInt(value).putLong(value);
    }
    return sums;
  }
}
