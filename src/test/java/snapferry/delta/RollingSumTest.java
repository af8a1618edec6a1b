package snapferry.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.Adler32;
import org.junit.jupiter.api.Test;
import snapferry.codec.LittleEndian;
import snapferry.extent.BlockSize;

/** Both ways to move a window give the Adler-32 that taking it directly gives. */
class RollingSumTest {
  private static final int PAGE = BlockSize.PAGE;

  private static int direct(byte[] bytes, int at) {
    Adler32 adler = new Adler32();
    adler.update(bytes, at, PAGE);
    return (int) adler.getValue();
  }

  private static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void aWindowRolledByteByByteHasTheSumOfItsBytes() {
    byte[] bytes = random(3, 3 * PAGE);
    Arrays.fill(bytes, 5000, 6000, (byte) 0);
    RollingSum sum = new RollingSum();
    sum.start(bytes, 0);
    for (int at = 0; at < bytes.length - PAGE; at++) {
      assertThat(sum.value()).as("seed 3, at %d", at).isEqualTo(direct(bytes, at));
      sum.roll(bytes[at], bytes[at + PAGE]);
    }
  }

  @Test
  void theLargestSumsDoNotOverflow() {
    byte[] bytes = new byte[3 * PAGE];
    Arrays.fill(bytes, 0, 2 * PAGE, (byte) 0xff);
    RollingSum sum = new RollingSum();
    sum.start(bytes, 0);
    for (int at = 0; at < 2 * PAGE; at++) {
      assertThat(sum.value()).as("at %d", at).isEqualTo(direct(bytes, at));
      sum.roll(bytes[at], bytes[at + PAGE]);
    }
  }

  @Test
  void aWindowMovedBySectorsHasTheSumOfItsBytes() {
    byte[] bytes = random(4, 10 * PAGE);
    Arrays.fill(bytes, PAGE, 3 * PAGE, (byte) 0xff);
    Arrays.fill(bytes, 4 * PAGE, 6 * PAGE, (byte) 0);
    ByteBuffer buffer = LittleEndian.direct(bytes.length).put(bytes).clear();
    SectorSums sums = new SectorSums(new PageSigner(Volume.KEY));
    sums.of(buffer);
    for (int at = 0; at <= bytes.length - PAGE; at += 512) {
      assertThat(sums.at(at)).as("seed 4, at %d", at).isEqualTo(direct(bytes, at));
      assertThat(sums.at(at)).as("again at %d", at).isEqualTo(direct(bytes, at));
    }
    for (int at : new int[] {0, 512, 3 * PAGE, 3 * PAGE + 512, 2 * PAGE + 1024}) {
      assertThat(sums.at(at)).as("leapt to %d", at).isEqualTo(direct(bytes, at));
    }
  }
}
