package snapferry.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.codec.LittleEndian;

class TreeUpdateTest {
  /** Counts and forgets. */
  private static final class CountingSink implements NodeSink {
    final List<String> nodes = new ArrayList<>();

    @Override
    public void putNode(int level, long index, ByteBuffer node) {
      nodes.add(level + "/" + index);
    }

    @Override
    public void putZeroNodes(int level, long first, long count) {
      nodes.add(level + "/" + first + "+" + count);
    }
  }

  /** Some changes to a signature, single blocks and runs of zeros, in order. */
  private record Changes(List<Change> list) {
    private record Change(long block, ByteBuffer entry, long zeros) {}

    static Changes random(SignatureShape shape, SplittableRandom random) {
      List<Change> list = new ArrayList<>();
      long blocks = shape.geometry().blocks();
      long gap = 1 + random.nextLong(blocks);
      for (long block = random.nextLong(gap); block < blocks; block += 1 + random.nextLong(gap)) {
        if (random.nextInt(3) == 0) {
          long zeros = 1 + random.nextLong(Math.min(blocks - block, 3 * gap));
          list.add(new Change(block, ByteBuffer.allocate(0), zeros));
          block += zeros - 1;
        } else {
          list.add(new Change(block, Volume.randomEntry(shape, random), 0));
        }
      }
      return new Changes(list);
    }

    void storeIn(Signature signature) throws IOException {
      for (Change change : list) {
        if (change.zeros > 0) {
          signature.putZeros(change.block, change.zeros);
        } else {
          signature.putEntry(change.block, change.entry.rewind());
        }
      }
    }

    RootHash tell(TreeUpdate update) throws IOException {
      for (Change change : list) {
        if (change.zeros > 0) {
          update.putZeros(change.block, change.zeros);
        } else {
          update.put(change.block, change.entry, 0);
        }
      }
      return update.finish();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 255, 256, 257, 511, 513, 65_536, 65_537})
  void anUpdatedTreeIsTheRebuiltOne(long blocks) throws IOException {
    SplittableRandom random = new SplittableRandom(blocks);
    for (HashKind hash : HashKind.values()) {
      SignatureShape shape = Volume.blocks(blocks, hash);
      int rounds = blocks > 1000 ? 4 : 40;
      for (int round = 0; round < rounds; round++) {
        String which = hash + ", seed " + blocks + ", round " + round;
        int oneIn = 1 << random.nextInt(12);
        long seed = random.nextLong();
        Signature base = random(new MemoryStorage(), shape, seed, oneIn);
        MemoryStorage expectedStorage = new MemoryStorage();
        Signature expected = random(expectedStorage, shape, seed, oneIn);
        MemoryStorage changedStorage = new MemoryStorage();
        Signature changed = random(changedStorage, shape, seed, oneIn);
        Changes changes = Changes.random(shape, random);
        changes.storeIn(expected);
        changes.storeIn(changed);
        expected.rebuildTree();

        RootHash root = changes.tell(new TreeUpdate(base, changed));

        assertThat(root).as(which).isEqualTo(expected.root());
        assertThat(Volume.content(changedStorage))
            .as(which)
            .isEqualTo(Volume.content(expectedStorage));
      }
    }
  }

  private static Signature random(MemoryStorage storage, SignatureShape shape, long seed, int oneIn)
      throws IOException {
    return Volume.random(storage, shape, new SplittableRandom(seed), oneIn);
  }

  @Test
  void zerosAtOnceAreTheSameAsZerosOneByOne() throws IOException {
    SplittableRandom random = new SplittableRandom(41);
    SignatureShape shape = Volume.blocks(70_000, HashKind.FAST128);
    Signature base = Volume.random(new MemoryStorage(), shape, random, 50);
    ByteBuffer zeros = LittleEndian.heap(16);
    for (int round = 0; round < 30; round++) {
      long first = random.nextInt(3) == 0 ? 0 : random.nextLong(70_000);
      long end = random.nextInt(3) == 0 ? 70_000 : 1 + first + random.nextLong(70_000 - first);
      TreeUpdate atOnce = new TreeUpdate(base, new CountingSink());
      atOnce.putZeros(first, end - first);
      TreeUpdate oneByOne = new TreeUpdate(base, new CountingSink());
      for (long block = first; block < end; block++) {
        oneByOne.put(block, zeros, 0);
      }
      assertThat(atOnce.finish())
          .as("seed 41, round %d, %d to %d", round, first, end)
          .isEqualTo(oneByOne.finish());
    }
  }

  @Test
  void aTreeBuiltWhileItsBlocksStreamByIsTheRebuiltOne() throws IOException {
    SplittableRandom random = new SplittableRandom(42);
    SignatureShape shape = Volume.blocks(66_000, HashKind.FAST128);
    Signature signature = Signature.create(new MemoryStorage(), shape);
    TreeUpdate update = new TreeUpdate(signature, signature);
    for (long block = 0; block < 66_000; ) {
      if (random.nextInt(500) == 0) {
        long zeros = Math.min(66_000 - block, 1 + random.nextLong(2000));
        signature.putZeros(block, zeros);
        update.putZeros(block, zeros);
        block += zeros;
      } else {
        ByteBuffer entry = Volume.randomEntry(shape, random);
        signature.putEntry(block, entry);
        update.put(block++, entry, 0);
      }
    }
    RootHash root = update.finish();
    assertThat(signature.isTreeSound()).as("seed 42").isTrue();
    assertThat(signature.root()).as("seed 42").isEqualTo(root);
  }

  /** The base grows ahead of the update, which trails it by a single block. */
  @Test
  void theBaseMayStillBeBeingWrittenAhead() throws IOException {
    SplittableRandom random = new SplittableRandom(43);
    SignatureShape shape = Volume.blocks(66_000, HashKind.FAST128);
    Signature base = Signature.create(new MemoryStorage(), shape);
    TreeUpdate baseTree = new TreeUpdate(base, base);
    MemoryStorage changedStorage = new MemoryStorage();
    Signature changed = Signature.create(changedStorage, shape);
    TreeUpdate update = new TreeUpdate(base, changed);
    for (long block = 0; block < 66_000; block++) {
      ByteBuffer entry = Volume.randomEntry(shape, random);
      base.putEntry(block, entry.rewind());
      baseTree.put(block, entry, 0);
      boolean isChanged = block < 300 || random.nextInt(400) == 0;
      ByteBuffer now = isChanged ? Volume.randomEntry(shape, random) : entry.rewind();
      changed.putEntry(block, now);
      if (isChanged) {
        update.put(block, now, 0);
      }
    }
    baseTree.finish();
    RootHash root = update.finish();
    changed.rebuildTree();
    assertThat(root).as("seed 43").isEqualTo(changed.root());
  }

  @Test
  void noChangeIsTheRootOfTheBaseAndNoNode() throws IOException {
    Signature base =
        Volume.random(
            new MemoryStorage(), Volume.blocks(300, HashKind.FAST128), new SplittableRandom(44), 2);
    CountingSink sink = new CountingSink();
    assertThat(new TreeUpdate(base, sink).finish()).isEqualTo(base.root());
    assertThat(sink.nodes).isEmpty();
  }

  @Test
  void onlyNodesAboveChangesAreRecomputedChildrenFirst() throws IOException {
    SignatureShape shape = Volume.blocks(3 * 65_536, HashKind.FAST128);
    Signature base = Signature.create(new MemoryStorage(), shape);
    CountingSink sink = new CountingSink();
    TreeUpdate update = new TreeUpdate(base, sink);
    ByteBuffer hash = LittleEndian.heap(16).putLong(0, 1);
    update.put(5, hash, 0);
    update.put(6, hash, 0);
    update.putZeros(250, 2 * 65_536);
    update.put(3 * 65_536 - 1, hash, 0);
    update.finish();
    assertThat(sink.nodes)
        .containsExactly("1/0", "1/1+511", "2/0", "2/1+1", "1/512", "1/767", "2/2", "3/0");
  }

  @Test
  void zerosUpToTheEndClearNoNodeThatIsNotThere() throws IOException {
    for (int blocks : new int[] {511, 512, 513}) {
      Signature base =
          Signature.create(new MemoryStorage(), Volume.blocks(blocks, HashKind.FAST128));
      CountingSink sink = new CountingSink();
      TreeUpdate update = new TreeUpdate(base, sink);
      update.putZeros(256, blocks - 256);
      update.finish();
      assertThat(sink.nodes)
          .as("of %d blocks", blocks)
          .containsExactly(blocks > 512 ? "1/1+2" : "1/1+1", "2/0");
    }
  }

  @Test
  void blocksOutOfOrderOrOutsideTheVolumeAreRefused() throws IOException {
    SignatureShape shape = Volume.blocks(300, HashKind.FAST128);
    TreeUpdate update =
        new TreeUpdate(Signature.create(new MemoryStorage(), shape), new CountingSink());
    ByteBuffer hash = LittleEndian.heap(16);
    update.put(10, hash, 0);
    assertRefused(() -> update.put(10, hash, 0));
    assertRefused(() -> update.put(9, hash, 0));
    assertRefused(() -> update.putZeros(10, 3));
    assertRefused(() -> update.putZeros(11, 0));
    assertRefused(() -> update.putZeros(11, 290));
    assertRefused(() -> update.put(300, hash, 0));
    update.putZeros(11, 289);
    update.finish();
    assertRefused(() -> update.put(299, hash, 0));
  }

  private static void assertRefused(ThrowingCallable put) {
    assertThatThrownBy(put).isInstanceOf(IllegalArgumentException.class);
  }
}
