package snapferry.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import snapferry.codec.LittleEndian;

class SignatureTest {
  @ParameterizedTest
  @EnumSource(HashKind.class)
  void entriesReadBackWholeAndInParts(HashKind hash) throws IOException {
    SignatureShape shape = Volume.shape(1 << 22, 65_536, hash);
    Signature signature = Signature.create(new MemoryStorage(), shape);
    SplittableRandom random = new SplittableRandom(17);
    ByteBuffer three = Volume.randomEntry(shape, random);
    ByteBuffer four = Volume.randomEntry(shape, random);
    signature.putEntry(3, three);
    signature.putEntry(4, four);
    assertThat(three.hasRemaining()).isFalse();

    ByteBuffer entry = LittleEndian.heap(shape.entryLength() + 2).position(1);
    signature.entry(4, entry);
    assertThat(entry.remaining()).isEqualTo(1);
    assertThat(entry.slice(1, shape.entryLength())).isEqualTo(four.rewind());

    ByteBuffer hashes = LittleEndian.heap(3 * hash.length());
    signature.hashes(2, 3, hashes);
    assertThat(Zeros.isZero(hashes, 0, hash.length())).isTrue();
    assertThat(hashes.slice(hash.length(), hash.length())).isEqualTo(three.slice(0, hash.length()));

    ByteBuffer sums = LittleEndian.heap(shape.pageSumsLength());
    signature.pageSums(3, 1, sums);
    assertThat(sums.rewind()).isEqualTo(three.slice(hash.length(), shape.pageSumsLength()));
  }

  @Test
  void anEntryThatIsNotThereOrDoesNotFitIsRefused() throws IOException {
    SignatureShape shape = Volume.blocks(10, HashKind.FAST128);
    Signature signature = Signature.create(new MemoryStorage(), shape);
    ByteBuffer entry = Volume.randomEntry(shape, new SplittableRandom(18));
    assertThatThrownBy(() -> signature.putEntry(10, entry))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> signature.putEntry(1, entry.rewind().limit(20)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> signature.hashes(9, 2, LittleEndian.heap(100)))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> signature.putZeros(9, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void zerosTakeEntriesBackToZerosAndNoOthers() throws IOException {
    SplittableRandom random = new SplittableRandom(19);
    SignatureShape shape = Volume.blocks(2000, HashKind.FAST128);
    for (int round = 0; round < 30; round++) {
      MemoryStorage storage = new MemoryStorage();
      Signature signature = Volume.random(storage, shape, random, 3);
      byte[] expected = Volume.content(storage);
      long first = random.nextLong(2000);
      long count = random.nextLong(2001 - first);
      SignatureLayout layout = new SignatureLayout(shape);
      zero(expected, layout.hashes() + first * 16, count * 16);
      zero(expected, layout.pageSums() + first * 12, count * 12);
      signature.putZeros(first, count);
      assertThat(Volume.content(storage)).as("seed 19, round %d", round).isEqualTo(expected);
    }
  }

  @Test
  void pageSumsThatAPowerCutKeptBelowAHashOfZerosDoNotCount() throws IOException {
    SignatureShape shape = Volume.blocks(10, HashKind.FAST128);
    MemoryStorage storage = new MemoryStorage();
    Signature signature = Signature.create(storage, shape);
    signature.putEntry(3, Volume.randomEntry(shape, new SplittableRandom(20)));
    storage.write(new SignatureLayout(shape).hashes() + 3 * 16, ByteBuffer.allocate(16));
    ByteBuffer entry = LittleEndian.heap(shape.entryLength() + 1);
    signature.entry(3, entry.put(0, (byte) 1).put(shape.entryLength(), (byte) 7));
    assertThat(entry.remaining()).isEqualTo(1);
    assertThat(entry.get()).isEqualTo((byte) 7);
    assertThat(Zeros.isZero(entry, 0, shape.entryLength())).isTrue();

    signature.putEntry(4, Volume.randomEntry(shape, new SplittableRandom(21)));
    ByteBuffer two = LittleEndian.heap(2 * shape.entryLength()).put(0, (byte) 1);
    signature.entries(3, 2, two);
    assertThat(Zeros.isZero(two.clear(), 0, shape.entryLength())).isTrue();
    signature.entry(4, entry.clear());
    assertThat(two.slice(shape.entryLength(), shape.entryLength()))
        .isEqualTo(entry.slice(0, shape.entryLength()));
  }

  private static void zero(byte[] bytes, long from, long length) {
    Arrays.fill(bytes, (int) from, (int) (from + length), (byte) 0);
  }

  @ParameterizedTest
  @EnumSource(HashKind.class)
  void manyEntriesAtOnceAreWhatTheyAreOneByOne(HashKind hash) throws IOException {
    SplittableRandom random = new SplittableRandom(77);
    for (int blockSize : new int[] {4096, 65_536, 1 << 20}) {
      int blocks = blockSize == 4096 ? 12_000 : 1500;
      SignatureShape shape = Volume.shape((long) blocks * blockSize, blockSize, hash);
      MemoryStorage one = new MemoryStorage();
      MemoryStorage many = new MemoryStorage();
      Signature oneByOne = Volume.random(one, shape, new SplittableRandom(7), 3);
      Signature atOnce = Volume.random(many, shape, new SplittableRandom(7), 3);
      int first = random.nextInt(100);
      int count = random.nextInt(blocks / 2, blocks - 100);
      ByteBuffer entries = LittleEndian.heap(3 + count * shape.entryLength());
      entries.position(3);
      for (int i = 0; i < count; i++) {
        boolean zero = i < 2 || random.nextInt(1000) == 0;
        ByteBuffer entry =
            zero ? LittleEndian.heap(shape.entryLength()) : Volume.randomEntry(shape, random);
        oneByOne.putEntry(first + i, entry.duplicate());
        entries.put(entry);
      }
      atOnce.putEntries(first, count, entries.rewind().position(3));
      assertThat(entries.hasRemaining()).isFalse();
      assertThat(Volume.content(many))
          .as("seed 77, %s, %d", hash, blockSize)
          .isEqualTo(Volume.content(one));
      ByteBuffer read = LittleEndian.heap(entries.capacity()).position(3);
      atOnce.entries(first, count, read);
      assertThat(read.flip().position(3)).isEqualTo(entries.position(3));
    }
  }

  @Test
  void writingZerosIntoHolesLeavesThemHoles() throws IOException {
    MemoryStorage storage = new MemoryStorage();
    SignatureShape shape = Volume.blocks(1_000_000, HashKind.FAST128);
    Signature signature = Signature.create(storage, shape);
    SplittableRandom random = new SplittableRandom(20);
    signature.putEntry(500_000, Volume.randomEntry(shape, random));
    signature.rebuildTree();
    int pages = storage.pages();
    assertThat(pages).as("header, hash, sums, three nodes in two pages").isLessThanOrEqualTo(6);
    signature.putZeros(0, 1_000_000);
    signature.putEntry(7, LittleEndian.heap(shape.entryLength()));
    signature.putZeroNodes(1, 0, 3907);
    signature.putNode(2, 3, LittleEndian.heap(32));
    assertThat(storage.pages())
        .as("the sums of the one group that was not all zeros reach into a second page")
        .isEqualTo(pages + 1);
  }

  @Test
  void creatingForgetsWhatTheStorageHeld() throws IOException {
    MemoryStorage storage = new MemoryStorage();
    SignatureShape shape = Volume.blocks(300, HashKind.SHA256);
    RootHash zero = Signature.create(storage, shape).root();
    Volume.random(storage, shape, new SplittableRandom(21), 2);
    Signature again = Signature.create(storage, shape);
    assertThat(again.root()).isEqualTo(zero);
    assertThat(again.nextNonZero(0, 300)).isEqualTo(300);
    assertThat(storage.pages()).isEqualTo(1);
  }

  @Test
  void theNextBlockThatIsNotZeroIsTheOneThatLookingAtAllFinds() throws IOException {
    SplittableRandom random = new SplittableRandom(22);
    for (int oneIn : new int[] {2, 300, 5_000, 40_000}) {
      SignatureShape shape = Volume.blocks(140_000, HashKind.FAST128);
      Signature signature = Volume.random(new MemoryStorage(), shape, random, oneIn);
      ByteBuffer hashes = LittleEndian.heap(140_000 * 16);
      signature.hashes(0, 140_000, hashes);
      for (int round = 0; round < 100; round++) {
        long from = random.nextLong(140_001);
        long limit = random.nextLong(from, 140_001);
        long expected = from;
        while (expected < limit && Zeros.isZero(hashes, (int) expected * 16, 16)) {
          expected++;
        }
        assertThat(signature.nextNonZero(from, limit))
            .as("seed 22, one in %d, from %d to %d", oneIn, from, limit)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void aTreeThatIsNotThatOfTheHashesIsNoticedAndRebuilt() throws IOException {
    SplittableRandom random = new SplittableRandom(23);
    SignatureShape shape = Volume.blocks(70_000, HashKind.FAST128);
    Signature signature = Volume.random(new MemoryStorage(), shape, random, 1000);
    RootHash root = signature.root();
    assertThat(signature.isTreeSound()).isTrue();
    for (int level = 1; level <= 3; level++) {
      ByteBuffer wrong = LittleEndian.heap(32).putInt(5, 99);
      signature.putNode(level, 0, wrong);
      assertThat(signature.isTreeSound()).as("level %d", level).isFalse();
      signature.rebuildTree();
      assertThat(signature.isTreeSound()).isTrue();
      assertThat(signature.root()).isEqualTo(root);
    }
    signature.putEntry(69_999, Volume.randomEntry(shape, random));
    assertThat(signature.isTreeSound()).isFalse();
  }

  @Test
  void theRootDependsOnSizeAndBlockSizeAndHashEvenForZeros() throws IOException {
    assertThat(zeroRoot(Volume.shape(1 << 20, 4096, HashKind.FAST128)))
        .isNotEqualTo(zeroRoot(Volume.shape((1 << 20) - 512, 4096, HashKind.FAST128)))
        .isNotEqualTo(zeroRoot(Volume.shape(1 << 20, 8192, HashKind.FAST128)))
        .isNotEqualTo(zeroRoot(Volume.shape(1 << 20, 4096, HashKind.SHA256)));
  }

  private static RootHash zeroRoot(SignatureShape shape) throws IOException {
    return Signature.create(new MemoryStorage(), shape).root();
  }
}
