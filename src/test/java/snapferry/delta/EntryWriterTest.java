package snapferry.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import snapferry.codec.LittleEndian;
import snapferry.device.Storage;

class EntryWriterTest {
  private static final long SEED = 0x3e7;
  private static final SignatureShape WIDE =
      Volume.shape(65_536L * 10_000, 65_536, HashKind.FAST128);

  /** What is written to a storage: pairs of offset and length. */
  private static final class Counted implements Storage {
    final MemoryStorage storage = new MemoryStorage();
    final List<long[]> writes = new ArrayList<>();
    int reads;

    @Override
    public long size() {
      return storage.size();
    }

    @Override
    public void read(long offset, ByteBuffer destination) throws IOException {
      reads++;
      storage.read(offset, destination);
    }

    @Override
    public void write(long offset, ByteBuffer source) throws IOException {
      writes.add(new long[] {offset, source.remaining()});
      storage.write(offset, source);
    }

    @Override
    public void resize(long size) throws IOException {
      storage.resize(size);
    }

    @Override
    public void sync() {}

    @Override
    public void close() {}
  }

  /** Of a new signature, whose making does not count. */
  private static EntryWriter writer(Counted storage) throws IOException {
    Signature signature = Signature.create(storage, WIDE);
    storage.writes.clear();
    storage.reads = 0;
    return signature.entryWriter(true);
  }

  @ParameterizedTest
  @EnumSource(HashKind.class)
  void manyEntriesAreWhatTheyAreOneByOne(HashKind hash) throws IOException {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int round = 0; round < 60; round++) {
      int blockSize = new int[] {4096, 65_536, 1 << 20}[round % 3];
      int blocks = random.nextInt(1, 3000);
      SignatureShape shape = Volume.shape((long) blocks * blockSize, blockSize, hash);
      MemoryStorage expected = new MemoryStorage();
      MemoryStorage written = new MemoryStorage();
      Signature oneByOne = Volume.random(expected, shape, new SplittableRandom(round), 3);
      Signature signature = Volume.random(written, shape, new SplittableRandom(round), 3);
      EntryWriter writer = signature.entryWriter(true);
      int stride = 1 << random.nextInt(10);
      for (long block = random.nextInt(stride);
          block < blocks;
          block += 1 + random.nextInt(stride)) {
        int kind = random.nextInt(20);
        if (kind == 0) {
          long count = 1 + random.nextLong(blocks - block);
          oneByOne.putZeros(block, count);
          writer.putZeros(block, count);
        } else {
          ByteBuffer entry =
              kind == 1
                  ? LittleEndian.heap(shape.entryLength())
                  : Volume.randomEntry(shape, random);
          oneByOne.putEntry(block, entry);
          writer.put(block, entry.rewind());
          assertThat(entry.hasRemaining()).isFalse();
        }
        // Blocks that came again are in the journal once more, behind the others.
        block -= random.nextInt(30) == 0 ? random.nextLong(Math.min(block, 20) + 1) : 0;
      }
      writer.flush();
      assertThat(Volume.content(written))
          .as("seed %d, round %d", SEED, round)
          .isEqualTo(Volume.content(expected));
    }
  }

  @Test
  void changesThatLieCloseTogetherTakeFewWrites() throws IOException {
    Counted storage = new Counted();
    EntryWriter writer = writer(storage);
    SplittableRandom random = new SplittableRandom(SEED);
    int entries = 0;
    for (long block = 0; block < 10_000; block += 1 + random.nextInt(12)) {
      writer.put(block, Volume.randomEntry(WIDE, random));
      entries++;
    }
    writer.flush();
    assertThat(storage.writes).hasSizeLessThan(2 * entries / 10);
    assertThat(storage.reads).isLessThan(2 * entries / 10);
  }

  @Test
  void entriesInARowTakeAWriteAWindowAndNoRead() throws IOException {
    Counted storage = new Counted();
    EntryWriter writer = writer(storage);
    SplittableRandom random = new SplittableRandom(SEED);
    for (long block = 0; block < 10_000; block++) {
      writer.put(block, Volume.randomEntry(WIDE, random));
    }
    writer.flush();
    assertThat(storage.reads).isZero();
    assertThat(storage.writes).hasSizeLessThan(140);
  }

  @Test
  void whatOthersSetMeanwhileStaysWhereTheWriterIsNotAlone() throws IOException {
    MemoryStorage storage = new MemoryStorage();
    MemoryStorage expected = new MemoryStorage();
    Signature signature = Signature.create(storage, WIDE);
    Signature oneByOne = Signature.create(expected, WIDE);
    EntryWriter writer = signature.entryWriter(false);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int block = 0; block < 300; block++) {
      // The others are ahead, and then some of it changes.
      signature.putEntry(block + 5, Volume.randomEntry(WIDE, new SplittableRandom(block)));
      oneByOne.putEntry(block + 5, Volume.randomEntry(WIDE, new SplittableRandom(block)));
      if (block % 3 > 0) {
        ByteBuffer entry = Volume.randomEntry(WIDE, random);
        writer.put(block, entry);
        oneByOne.putEntry(block, entry.rewind());
      }
    }
    writer.flush();
    assertThat(Volume.content(storage)).isEqualTo(Volume.content(expected));
  }

  @Test
  void aChangeFarFromOthersIsWrittenAloneAndNothingIsReadForIt() throws IOException {
    Counted storage = new Counted();
    EntryWriter writer = writer(storage);
    SplittableRandom random = new SplittableRandom(SEED);
    for (long block = 5; block < 10_000; block += 1000) {
      writer.put(block, Volume.randomEntry(WIDE, random));
    }
    writer.flush();
    assertThat(storage.reads).isZero();
    assertThat(storage.writes)
        .hasSize(20)
        .allMatch(write -> write[1] == HashKind.FAST128.length() || write[1] == 192);
  }

  @Test
  void anEntryThatIsNotThereOrDoesNotFitIsRefused() throws IOException {
    SignatureShape shape = Volume.blocks(10, HashKind.FAST128);
    EntryWriter writer = Signature.create(new MemoryStorage(), shape).entryWriter(true);
    ByteBuffer entry = Volume.randomEntry(shape, new SplittableRandom(SEED));
    assertThatThrownBy(() -> writer.put(10, entry)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> writer.put(1, entry.rewind().limit(20)))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
