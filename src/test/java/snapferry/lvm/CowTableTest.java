package snapferry.lvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.codec.FormatException;
import snapferry.extent.Extent;

/** COW stores as the kernel writes them, and as it does not. */
@NullMarked
class CowTableTest {
  private static final int CHUNK = 4096;
  private static final int ENTRIES = CHUNK / CowTable.ENTRY;
  private static final long ORIGIN = 64L << 20;

  /** A store in memory. */
  private static final class Memory implements CowTable.Store {
    private final byte[] bytes;

    Memory(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
      if (offset + into.remaining() > bytes.length) {
        throw new EOFException("beyond the store");
      }
      into.put(bytes, (int) offset, into.remaining());
    }

    @Override
    public ByteBuffer buffer(int length) {
      return ByteBuffer.allocate(length);
    }
  }

  /** A store as dm-snap-persistent writes it: these chunks of the origin were overwritten. */
  private static byte[] store(List<Integer> overwritten, int chunks) {
    ByteBuffer store = ByteBuffer.allocate(chunks * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    store.putInt(CowTable.MAGIC).putInt(1).putInt(CowTable.VERSION).putInt(CHUNK / 512);
    for (int i = 0; i < overwritten.size(); i++) {
      int area = 1 + i / ENTRIES * (ENTRIES + 1);
      int at = area * CHUNK + i % ENTRIES * CowTable.ENTRY;
      store.putLong(at, overwritten.get(i)).putLong(at + 8, area + 1 + i % ENTRIES);
    }
    return store.array();
  }

  private static List<Long> read(byte[] store) throws IOException {
    List<Long> chunks = new ArrayList<>();
    CowTable.read(
        new Memory(store),
        ORIGIN,
        extent -> {
          assertThat(extent.length()).isEqualTo(CHUNK);
          chunks.add(extent.offset() / CHUNK);
        });
    return chunks;
  }

  @Test
  void aFreshStoreHasNoExceptions() throws Exception {
    assertThat(read(store(List.of(), 16))).isEmpty();
  }

  @Test
  void chunksAreReadInTheOrderOfTheirOverwriting() throws Exception {
    assertThat(read(store(List.of(7, 3, 4, 16_383, 0), 16)))
        .containsExactly(7L, 3L, 4L, 16_383L, 0L);
  }

  @Test
  void theTableGoesOnInTheNextArea() throws Exception {
    for (int count : new int[] {ENTRIES - 1, ENTRIES, ENTRIES + 1, 3 * ENTRIES, 1000}) {
      List<Integer> overwritten =
          new Random(count).ints(0, 16_384).distinct().limit(count).boxed().toList();
      assertThat(read(store(overwritten, 2000)))
          .as("count %s", count)
          .containsExactlyElementsOf(overwritten.stream().map(Integer::longValue).toList());
    }
  }

  @Test
  void anEntryThatIsAsARealKernelWroteIt() throws Exception {
    // The first bytes of /dev/mapper/VG-SNAP-cow and of its chunk 1, of Linux 6.1.
    byte[] real = store(List.of(0, 16), 16);
    assertThat(ByteBuffer.wrap(real).getLong()).isEqualTo(0x536e4170_01000000L);
    assertThat(real[CHUNK + 16]).isEqualTo((byte) 16);
    assertThat(real[CHUNK + 24]).isEqualTo((byte) 3);
    assertThat(read(real)).containsExactly(0L, 16L);
  }

  @Test
  void aStoreThatIsNoneOrLostIsRefused() {
    byte[] good = store(List.of(1), 16);
    refused(new byte[0], "shorter than a header");
    refused(new byte[CHUNK], "has no header");
    refused(changed(good, 4, 0), "invalid");
    refused(changed(good, 8, 2), "version 2");
    refused(changed(good, 12, 0), "chunks have 0 bytes");
    refused(changed(good, 12, 12), "chunks have 6144 bytes");
    refused(changed(good, 12, 255), "chunks have");
    refused(store(List.of(16_384), 16), "names chunk 16384 of the origin");
    refused(changed(good, CHUNK + 7, 0x80), "of the origin");
    refused(changed(good, CHUNK + 8, 16), "keeps a copy in chunk 16");
    refused(changed(good, CHUNK + 8, 1), "keeps a copy in chunk 1");
    refused(
        store(new Random(1).ints(0, 999).limit(ENTRIES).boxed().toList(), ENTRIES + 2), "no end");
  }

  private static byte[] changed(byte[] store, int at, int value) {
    byte[] changed = store.clone();
    changed[at] = (byte) value;
    return changed;
  }

  private static void refused(byte[] store, String why) {
    assertThatThrownBy(() -> read(store))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("the COW store cannot be read: ")
        .hasMessageContaining(why);
  }

  @Test
  void aGarbledStoreIsRefusedOrNamesOnlyWhatTheOriginHas() throws Exception {
    for (long seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      byte[] store = store(random.ints(random.nextInt(600), 0, 16_384).boxed().toList(), 700);
      for (int i = random.nextInt(5); i >= 0; i--) {
        int at = random.nextBoolean() ? random.nextInt(16) : CHUNK + random.nextInt(CHUNK);
        store[at] = (byte) random.nextInt(256);
      }
      TreeSet<Long> ends = new TreeSet<>();
      try {
        CowTable.read(new Memory(store), ORIGIN, (Extent extent) -> ends.add(extent.offset()));
      } catch (FormatException e) {
        assertThat(e).as("seed %s", seed).hasMessageStartingWith("the COW store");
      }
      assertThat(ends.isEmpty() || ends.last() < ORIGIN).as("seed %s", seed).isTrue();
    }
  }
}
