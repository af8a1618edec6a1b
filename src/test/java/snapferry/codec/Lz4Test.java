package snapferry.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import snapferry.delta.Zeros;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

class Lz4Test {
  private static final long SEED = 4;
  private static final int LENGTH = 10_000;

  private final Random random = new Random(SEED);

  private ByteBuffer text(boolean direct) {
    ByteBuffer text = direct ? ByteBuffer.allocateDirect(LENGTH) : ByteBuffer.allocate(LENGTH);
    while (text.hasRemaining()) {
      text.put((byte) (random.nextInt(8) == 0 ? 'b' : 'a'));
    }
    return text.flip();
  }

  @Test
  void theNativeImplementationIsInUse() {
    assertThat(Lz4.implementation()).isEqualTo("LZ4Factory:JNI");
  }

  @Test
  void bytesComeBackFromAnyKindOfBufferAndNothingElseIsTouched() throws Failure {
    for (int kinds = 0; kinds < 4; kinds++) {
      ByteBuffer text = text(kinds % 2 == 0);
      ByteBuffer compressed = ByteBuffer.allocateDirect(7 + Lz4.maxCompressedLength(LENGTH));
      int length = Lz4.compress(text, 0, LENGTH, compressed, 7);
      assertThat(length).isLessThan(LENGTH);
      ByteBuffer back = kinds < 2 ? ByteBuffer.allocateDirect(LENGTH + 5) : text(false).slice();
      int at = kinds < 2 ? 3 : 0;
      Lz4.decompress(compressed, 7, length, back, at, LENGTH);
      assertThat(back.slice(at, LENGTH)).isEqualTo(text);
      assertThat(compressed.position() + text.position() + back.position()).isZero();
      if (kinds < 2) {
        assertThat(back.get(0) + back.get(2) + back.get(LENGTH + 3)).isZero();
      }
    }
  }

  @Test
  void everyOtherLengthAndEveryTruncationIsAnIntegrityFailure() {
    ByteBuffer compressed = ByteBuffer.allocateDirect(Lz4.maxCompressedLength(LENGTH));
    int length = Lz4.compress(text(true), 0, LENGTH, compressed, 0);
    for (int cut = 0; cut < length; cut += 7) {
      assertFails(compressed, cut, LENGTH);
    }
    for (int other : new int[] {0, 1, LENGTH - 1, LENGTH + 1, 2 * LENGTH}) {
      assertFails(compressed, length, other);
    }
  }

  @Test
  void garbageNeverWritesBeyondItsBounds() {
    ByteBuffer garbage = ByteBuffer.allocateDirect(64);
    ByteBuffer out = ByteBuffer.allocateDirect(1000);
    for (int i = 0; i < 3000; i++) {
      for (int at = 0; at < garbage.capacity(); at++) {
        garbage.put(at, (byte) (random.nextBoolean() ? random.nextInt(256) : 0xff));
      }
      try {
        Lz4.decompress(garbage, 0, 1 + random.nextInt(64), out, 100, random.nextInt(800));
      } catch (Failure e) {
        assertThat(e.exit()).isEqualTo(ExitCode.INTEGRITY);
      }
      assertThat(Zeros.isZero(out, 0, 100) && Zeros.isZero(out, 900, 100))
          .as("garbage %d of seed %d", i, SEED)
          .isTrue();
    }
  }

  private static void assertFails(ByteBuffer compressed, int length, int targetLength) {
    ByteBuffer out = ByteBuffer.allocateDirect(targetLength);
    assertThatThrownBy(() -> Lz4.decompress(compressed, 0, length, out, 0, targetLength))
        .as("%d bytes to %d", length, targetLength)
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.INTEGRITY));
  }
}
