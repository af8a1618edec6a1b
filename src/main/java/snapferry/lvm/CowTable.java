package snapferry.lvm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import snapferry.codec.FormatException;
import snapferry.extent.Extent;

/**
 * The table of exceptions in the COW store of a classic snapshot: which chunks of the origin were
 * overwritten since it was taken. Persistent format, version 1 (kernel: dm-snap-persistent.c), all
 * numbers little-endian:
 *
 * <pre>
 *  chunk 0                header
 *  chunk 1                area 0: a chunk of entries, E = chunk bytes / 16
 *  chunk 2 … E + 1        the data of area 0
 *  chunk E + 2            area 1
 *  …
 *
 *  header   +0  magic u32      0x70416e53, "SnAp"
 *           +4  valid u32      0 once it overflowed
 *           +8  version u32    1
 *           +12 chunk u32      sectors of a chunk, a power of two
 *  entry    +0  old u64        chunk of the origin
 *           +8  new u64        chunk of the store that holds what was there; 0 ends the table
 * </pre>
 *
 * <p>Entries are in the order of the overwriting. The next area is wiped before one is full, so the
 * table of a store that is whole always has an end.
 */
final class CowTable {
  static final int MAGIC = 0x70416e53;
  static final int VERSION = 1;
  static final int ENTRY = 16;
  static final int SECTOR = 512;

  /** What is read first; no chunk of LVM is smaller. */
  static final int MIN_CHUNK = 4 << 10;

  static final int MAX_CHUNK = 4 << 20;

  private CowTable() {}

  /** The store, which is read in pieces that are aligned to their length. */
  interface Store {
    /** Bytes of it. */
    long size() throws IOException;

    /** Fills {@code into} from {@code offset} on. */
    void read(long offset, ByteBuffer into) throws IOException;

    /** A buffer for pieces of {@code length} bytes. */
    ByteBuffer buffer(int length);
  }

  /** Gets the extents of the origin that were overwritten, in any order. */
  interface Changes {
    void overwritten(Extent extent);
  }

  /**
   * Reads the whole table.
   *
   * @param originSize bytes of the origin
   * @throws FormatException if the store is none, is invalid, or its table contradicts itself
   */
  static void read(Store store, long originSize, Changes changes) throws IOException {
    require(store.size() >= MIN_CHUNK, "it is shorter than a header");
    ByteBuffer header = store.buffer(MIN_CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    store.read(0, header);
    header.flip();
    require(header.getInt() == MAGIC, "it has no header");
    require(header.getInt() == 1, "it is invalid");
    int version = header.getInt();
    require(version == VERSION, "it has version " + version);
    long chunk = Integer.toUnsignedLong(header.getInt()) * SECTOR;
    require(
        chunk >= MIN_CHUNK && chunk <= MAX_CHUNK && Long.bitCount(chunk) == 1,
        "its chunks have " + chunk + " bytes");
    readAreas(store, (int) chunk, originSize, changes);
  }

  private static void readAreas(Store store, int chunk, long originSize, Changes changes)
      throws IOException {
    long chunks = store.size() / chunk;
    long originChunks = (originSize + chunk - 1) / chunk;
    long stride = chunk / ENTRY + 1L;
    ByteBuffer area = store.buffer(chunk).order(ByteOrder.LITTLE_ENDIAN);
    for (long at = 1; ; at += stride) {
      require(at < chunks, "its table has no end");
      store.read(at * chunk, area.clear());
      area.flip();
      while (area.hasRemaining()) {
        long old = area.getLong();
        long copy = area.getLong();
        if (copy == 0) {
          return;
        }
        require(old >= 0 && old < originChunks, "it names chunk " + old + " of the origin");
        require(
            copy > 1 && copy < chunks && copy % stride != 1, "it keeps a copy in chunk " + copy);
        changes.overwritten(new Extent(old * chunk, chunk));
      }
    }
  }

  private static void require(boolean sane, String what) throws FormatException {
    if (!sane) {
      throw new FormatException("the COW store cannot be read: " + what);
    }
  }
}
