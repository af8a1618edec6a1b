package snapferry.track;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;
import snapferry.codec.Crc32c;
import snapferry.codec.LittleEndian;
import snapferry.codec.UuidBytes;
import snapferry.device.Storage;

/**
 * For each region the generation in which it was last written to, in sectors of the map's file:
 *
 * <pre>
 *  127 stamps u32 (0: never) | CRC-32C u32 of: map UUID (16) | number of the sector u64 | the stamps
 * </pre>
 *
 * <p>The UUID and the number are not stored: a sector that comes from another map or another place
 * does not pass. Of a sector that does not pass, every region counts as written to just now, which
 * is never wrong, only dear. Safe for use by several threads; what was marked is durable after
 * {@link #sync}.
 */
final class Stamps {
  private static final int CRC = MapLayout.STAMPS * Integer.BYTES;
  private static final int SEED = 16 + Long.BYTES;
  private static final int CHUNK_SECTORS = 128;

  private final Storage file;
  private final MapLayout layout;
  private final ByteBuffer seed = LittleEndian.heap(SEED);
  private final ByteBuffer sector = LittleEndian.direct(MapLayout.SECTOR);
  private final ByteBuffer chunk = LittleEndian.direct(CHUNK_SECTORS * MapLayout.SECTOR);
  private final Crc32c crc = new Crc32c();

  Stamps(Storage file, MapLayout layout, UUID map) {
    this.file = file;
    this.layout = layout;
    UuidBytes.write(map, seed);
  }

  /** Hears of runs of regions, in order. */
  interface RunSink {
    /** Regions {@code [first, end)} were written to. */
    void accept(long first, long end) throws IOException;
  }

  /**
   * Writes all sectors, with no region marked: every block of the file is there from then on, so
   * that no marking ever has to allocate one.
   */
  synchronized void create() throws IOException {
    for (long first = 0; first < layout.sectors(); first += CHUNK_SECTORS) {
      int count = (int) Math.min(CHUNK_SECTORS, layout.sectors() - first);
      chunk.clear();
      for (int i = 0; i < count; i++) {
        int at = i * MapLayout.SECTOR;
        fill(chunk, at, 0);
        chunk.putInt(at + CRC, checksum(chunk, at, first + i));
      }
      file.write(MapLayout.sectorOffset(first), chunk.limit(count * MapLayout.SECTOR));
    }
    long end = MapLayout.sectorOffset(layout.sectors());
    chunk.clear().limit((int) (layout.fileSize() - end));
    for (int i = 0; i < chunk.limit(); i++) {
      chunk.put(i, (byte) 0);
    }
    file.write(end, chunk);
  }

  /** Marks regions {@code [first, last]} with {@code generation}. */
  synchronized void mark(long first, long last, long generation) throws IOException {
    for (long number = MapLayout.sectorOf(first); number <= MapLayout.sectorOf(last); number++) {
      long offset = MapLayout.sectorOffset(number);
      long base = MapLayout.firstRegion(number);
      file.read(offset, sector.clear());
      boolean sound = isSound(sector, 0, number);
      int from = sound ? (int) Math.max(0, first - base) : 0;
      int to = sound ? (int) Math.min(MapLayout.STAMPS - 1, last - base) : MapLayout.STAMPS - 1;
      for (int field = from; field <= to; field++) {
        sector.putInt(field * Integer.BYTES, (int) generation);
      }
      sector.putInt(CRC, checksum(sector, 0, number));
      file.write(offset, sector.clear());
    }
  }

  void sync() throws IOException {
    file.syncData();
  }

  /**
   * Tells of all regions that were written to in {@code generation} or later.
   *
   * @return whether all sectors were sound; regions of one that is not are told of
   */
  boolean since(long generation, RunSink sink) throws IOException {
    Runs runs = new Runs(sink);
    ByteBuffer copy = LittleEndian.direct(chunk.capacity());
    boolean sound = true;
    for (long first = 0; first < layout.sectors(); first += CHUNK_SECTORS) {
      int count = (int) Math.min(CHUNK_SECTORS, layout.sectors() - first);
      sound &= read(first, count, copy);
      for (int i = 0; i < count; i++) {
        tell(copy, i * MapLayout.SECTOR, first + i, generation, runs);
      }
    }
    runs.end(layout.regions().blocks());
    return sound;
  }

  /**
   * Fills {@code copy} with sectors, while nobody marks in them; those that are not sound, with the
   * highest stamps there are.
   */
  private synchronized boolean read(long first, int count, ByteBuffer copy) throws IOException {
    boolean sound = true;
    file.read(MapLayout.sectorOffset(first), copy.clear().limit(count * MapLayout.SECTOR));
    for (int i = 0; i < count; i++) {
      if (!isSound(copy, i * MapLayout.SECTOR, first + i)) {
        sound = false;
        fill(copy, i * MapLayout.SECTOR, -1);
      }
    }
    return sound;
  }

  private void tell(ByteBuffer copy, int at, long number, long generation, Runs runs)
      throws IOException {
    long base = MapLayout.firstRegion(number);
    int fields = (int) Math.min(MapLayout.STAMPS, layout.regions().blocks() - base);
    for (int field = 0; field < fields; field++) {
      long stamp = Integer.toUnsignedLong(copy.getInt(at + field * Integer.BYTES));
      runs.region(base + field, stamp >= generation);
    }
  }

  private static void fill(ByteBuffer sectors, int at, int stamp) {
    for (int field = 0; field < MapLayout.STAMPS; field++) {
      sectors.putInt(at + field * Integer.BYTES, stamp);
    }
  }

  /** Joins regions to runs. */
  private static final class Runs {
    private final RunSink sink;
    private long start = -1;

    Runs(RunSink sink) {
      this.sink = sink;
    }

    void region(long region, boolean marked) throws IOException {
      if (marked && start < 0) {
        start = region;
      } else if (!marked) {
        end(region);
      }
    }

    void end(long region) throws IOException {
      if (start >= 0) {
        sink.accept(start, region);
        start = -1;
      }
    }
  }

  private int checksum(ByteBuffer bytes, int at, long number) {
    seed.putLong(16, number);
    return crc.reset().add(seed, 0, SEED).add(bytes, at, at + CRC).value();
  }

  private boolean isSound(ByteBuffer bytes, int at, long number) {
    return bytes.getInt(at + CRC) == checksum(bytes, at, number);
  }
}
