package snapferry.track;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.codec.Crc32c;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.codec.UuidBytes;
import snapferry.delta.RootHash;
import snapferry.device.VolumeSight;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.replicate.StandbyEpoch;

/**
 * The header of a dirty map, a slot of 4096 bytes:
 *
 * <pre>
 *  magic SNAPFMAP (8) | version u16 | state u8 (1 running, 2 stopped) | number of bases u8
 *  | region size u32 | size of the volume u64 | sequence u64 | generation u64 | map UUID (16)
 *  | boot UUID (16; zeros for a file) | disk i64 | changes i64
 *  | length of the identity u8 | identity (127)
 *  offset 216: bases, 64 bytes each:
 *    standby UUID (16) | epoch u64 | root (32) | generation u64
 *  offset 4092: CRC-32C of the preceding bytes u32
 * </pre>
 *
 * @param map names this map: another, made for the same volume, has another
 * @param regions the volume, cut into regions
 * @param sequence of two valid slots, the one with the higher number counts
 * @param generation the one that writes are stamped with now, from 1
 * @param stopped whether the tracker ended in good order
 * @param volume what was seen of the volume when the tracker began, or when it ended in good order
 * @param bases what standbys hold
 */
record MapHeader(
    UUID map,
    Geometry regions,
    long sequence,
    long generation,
    boolean stopped,
    VolumeSight volume,
    Bases bases) {
  /** A stamp has 32 bits, and no map sees a hundred generations a second for a year. */
  static final long MAX_GENERATION = 0xffff_ffffL;

  private static final long MAGIC = LittleEndian.magic("SNAPFMAP");
  private static final int VERSION = 1;
  private static final byte RUNNING = 1;
  private static final byte STOPPED = 2;
  private static final UUID NO_BOOT = new UUID(0, 0);
  private static final int CRC = MapLayout.SLOT - Integer.BYTES;

  /** The header of a map that knows of no write yet. */
  static MapHeader first(UUID map, Geometry regions, VolumeSight volume) {
    return new MapHeader(map, regions, 1, 1, false, volume, Bases.NONE);
  }

  /** The next to be written, in another generation. */
  MapHeader withGeneration(long next) {
    return new MapHeader(map, regions, sequence + 1, next, stopped, volume, bases);
  }

  /** The next to be written, with other bases. */
  MapHeader withBases(Bases other) {
    return new MapHeader(map, regions, sequence + 1, generation, stopped, volume, other);
  }

  /** The next to be written: a tracker goes on, in a generation of its own. */
  MapHeader resumed(VolumeSight now) {
    return new MapHeader(map, regions, sequence + 1, generation + 1, false, now, bases);
  }

  /** The next to be written: the tracker ends, and this is to be seen of the volume. */
  MapHeader stopped(VolumeSight now) {
    return new MapHeader(map, regions, sequence + 1, generation, true, now, bases);
  }

  /** The same once more, for the other slot. */
  MapHeader again() {
    return new MapHeader(map, regions, sequence + 1, generation, stopped, volume, bases);
  }

  /** Fills a slot. */
  void write(ByteBuffer slot) {
    slot.clear();
    slot.putLong(MAGIC).putShort((short) VERSION).put(stopped ? STOPPED : RUNNING);
    slot.put((byte) bases.all().size()).putInt(regions.blockSize().bytes());
    slot.putLong(regions.size()).putLong(sequence).putLong(generation);
    UuidBytes.write(map, slot);
    UuidBytes.write(volume.boot() == null ? NO_BOOT : volume.boot(), slot);
    slot.putLong(volume.disk()).putLong(volume.changes());
    byte[] identity = volume.identity().getBytes(US_ASCII);
    slot.put((byte) identity.length).put(Arrays.copyOf(identity, VolumeSight.MAX_IDENTITY));
    for (Base base : bases.all()) {
      UuidBytes.write(base.epoch().standby(), slot);
      slot.putLong(base.epoch().epoch());
      base.epoch().root().write(slot);
      slot.putLong(base.generation());
    }
    while (slot.position() < CRC) {
      slot.put((byte) 0);
    }
    slot.putInt(Crc32c.of(slot, 0, CRC)).flip();
  }

  /**
   * Reads what {@link #write} wrote, and nothing else.
   *
   * @throws FormatException if it is anything else
   */
  static MapHeader read(ByteBuffer slot) throws FormatException {
    if (slot.getInt(CRC) != Crc32c.of(slot, 0, CRC)) {
      throw new FormatException("dirty map header whose checksum does not match");
    }
    slot.clear();
    require(slot.getLong() == MAGIC, "dirty map header without its magic");
    int version = Short.toUnsignedInt(slot.getShort());
    require(version == VERSION, "dirty map of version " + version + ", not " + VERSION);
    byte state = slot.get();
    require(state == RUNNING || state == STOPPED, "dirty map header of state " + state);
    int count = Byte.toUnsignedInt(slot.get());
    require(count <= Bases.MAX, "dirty map header of " + count + " bases");
    Geometry regions = geometry(slot.getInt(), slot.getLong());
    long sequence = slot.getLong();
    require(sequence > 0 && sequence < Long.MAX_VALUE, "dirty map header of no sequence");
    long generation = slot.getLong();
    require(generation > 0 && generation <= MAX_GENERATION, "dirty map header of no generation");
    UUID map = UuidBytes.read(slot);
    VolumeSight volume = sight(regions.size(), slot);
    List<Base> bases = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bases.add(base(slot, generation));
    }
    while (slot.position() < CRC) {
      require(slot.get() == 0, "dirty map header whose reserved bytes are not zeros");
    }
    return new MapHeader(
        map, regions, sequence, generation, state == STOPPED, volume, new Bases(bases));
  }

  private static Geometry geometry(int region, long size) throws FormatException {
    require(BlockSize.isValid(region), "dirty map with regions of " + region + " bytes");
    require(Geometry.isValidSize(size), "dirty map of a volume of " + size + " bytes");
    Geometry regions = new Geometry(size, new BlockSize(region));
    require(MapLayout.fits(regions), "dirty map of " + regions.blocks() + " regions");
    return regions;
  }

  private static VolumeSight sight(long size, ByteBuffer slot) throws FormatException {
    UUID boot = UuidBytes.read(slot);
    long disk = slot.getLong();
    long changes = slot.getLong();
    int length = Byte.toUnsignedInt(slot.get());
    require(length <= VolumeSight.MAX_IDENTITY, "dirty map header with a longer identity");
    byte[] identity = new byte[VolumeSight.MAX_IDENTITY];
    slot.get(identity);
    for (int i = length; i < identity.length; i++) {
      require(identity[i] == 0, "dirty map header whose reserved bytes are not zeros");
    }
    @Nullable UUID start = boot.equals(NO_BOOT) ? null : boot;
    return new VolumeSight(size, new String(identity, 0, length, US_ASCII), start, disk, changes);
  }

  private static Base base(ByteBuffer slot, long newest) throws FormatException {
    UUID standby = UuidBytes.read(slot);
    long epoch = slot.getLong();
    RootHash root = RootHash.read(slot);
    long generation = slot.getLong();
    require(
        epoch > 0 && generation > 0 && generation <= newest,
        "dirty map with epoch " + epoch + " of generation " + generation);
    return new Base(new StandbyEpoch(standby, epoch, root), generation);
  }

  private static void require(boolean condition, String otherwise) throws FormatException {
    if (!condition) {
      throw new FormatException(otherwise);
    }
  }
}
