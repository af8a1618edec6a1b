package snapferry.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ZerosTest {
  private static final int LENGTH = 200_000;

  @Test
  void oneByteThatIsNotZeroIsFoundWhereverItIs() {
    SplittableRandom random = new SplittableRandom(11);
    for (ByteBuffer bytes :
        new ByteBuffer[] {ByteBuffer.allocate(LENGTH), ByteBuffer.allocateDirect(LENGTH)}) {
      for (int round = 0; round < 500; round++) {
        int offset = random.nextInt(LENGTH / 2);
        int length = 1 + random.nextInt(LENGTH / 2);
        int at = random.nextInt(length);
        bytes.put(offset + at, (byte) 0x80);
        String which = "seed 11, round " + round;
        assertThat(Zeros.isZero(bytes, offset, length)).as(which).isFalse();
        assertThat(Zeros.zeroPrefix(bytes, offset, length))
            .as(which)
            .isBetween(Math.max(0, at - 7), at);
        assertThat(Zeros.isZero(bytes, offset, at)).as(which).isTrue();
        bytes.put(offset + at, (byte) 0);
        assertThat(Zeros.isZero(bytes, offset, length)).as(which).isTrue();
      }
    }
  }

  @Test
  void whatLiesAroundDoesNotCountAndPositionAndLimitComeBack() {
    ByteBuffer bytes = ByteBuffer.allocate(100);
    bytes.put(9, (byte) 1).put(90, (byte) 1).limit(95).position(20);
    assertThat(Zeros.isZero(bytes, 10, 80)).isTrue();
    assertThat(bytes.position()).isEqualTo(20);
    assertThat(bytes.limit()).isEqualTo(95);
  }
}
