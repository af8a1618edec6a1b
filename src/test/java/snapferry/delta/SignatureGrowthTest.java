package snapferry.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SignatureGrowthTest {
  private static final int BLOCK = 8192;
  private final SplittableRandom random = new SplittableRandom(31);

  @Test
  void aGrownSignatureIsThatOfTheSameBlocksFollowedByZeros() throws IOException {
    for (long blocks : new long[] {1, 255, 256, 257, 1000}) {
      for (long more : new long[] {0, 1, 255, 70_000}) {
        for (int oneIn : new int[] {1, 100}) {
          assertGrows(blocks, more, oneIn);
        }
      }
    }
  }

  private void assertGrows(long blocks, long more, int oneIn) throws IOException {
    SignatureShape shape = Volume.shape(blocks * BLOCK, BLOCK, HashKind.FAST128);
    Signature old = Volume.random(new MemoryStorage(), shape, random, oneIn);
    MemoryStorage grownStorage = new MemoryStorage();
    long size = (blocks + more) * BLOCK;
    Signature grown = old.grown(grownStorage, size, null);

    MemoryStorage storage = new MemoryStorage();
    Signature expected = Signature.create(storage, Volume.shape(size, BLOCK, HashKind.FAST128));
    for (long block = 0; block < blocks; block++) {
      copyEntry(old, block, expected);
    }
    expected.rebuildTree();
    assertThat(Volume.content(grownStorage))
        .as("seed 31, %d blocks and %d more, one in %d", blocks, more, oneIn)
        .isEqualTo(Volume.content(storage));
    assertThat(grown.shape()).isEqualTo(expected.shape());
    assertThat(grownStorage.pages()).isLessThanOrEqualTo(storage.pages() + 20);
  }

  private static void copyEntry(Signature from, long block, Signature to) throws IOException {
    ByteBuffer entry = Volume.buffer(from.shape().entryLength());
    from.entry(block, entry);
    to.putEntry(block, entry.flip());
  }

  @Test
  void aShortLastBlockThatGetsLongerTakesItsNewEntry() throws IOException {
    SignatureShape shape = Volume.shape(300 * BLOCK - 512, BLOCK, HashKind.SHA256);
    Signature old = Volume.random(new MemoryStorage(), shape, random, 1);
    ByteBuffer tail = Volume.randomEntry(shape, random);
    Signature grown = old.grown(new MemoryStorage(), 400 * BLOCK, tail);
    ByteBuffer entry = Volume.buffer(shape.entryLength());
    grown.entry(299, entry);
    assertThat(entry.flip()).isEqualTo(tail.rewind());
    assertThat(grown.nextNonZero(300, 400)).isEqualTo(400);
    assertThat(grown.isTreeSound()).isTrue();
  }

  @Test
  void aTailThatIsMissingOrTooMuchAndShrinkingAreRefused() throws IOException {
    SignatureShape shape = Volume.shape(10 * BLOCK - 512, BLOCK, HashKind.FAST128);
    Signature signature = Volume.random(new MemoryStorage(), shape, random, 2);
    ByteBuffer tail = Volume.randomEntry(shape, random);
    assertRefused(signature, 20 * BLOCK, null);
    assertRefused(signature, 10 * BLOCK, null);
    assertRefused(signature, 10 * BLOCK - 512, tail);
    assertRefused(signature, 10 * BLOCK - 1024, null);
    assertRefused(signature, BLOCK, tail);
  }

  private static void assertRefused(Signature signature, long size, @Nullable ByteBuffer tail) {
    assertThatThrownBy(() -> signature.grown(new MemoryStorage(), size, tail))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
