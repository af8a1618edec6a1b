package snapferry.track;

import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * Where things lie in the file {@code dirty-map}:
 *
 * <pre>
 *  0      header slot A, 4096 bytes
 *  4096   header slot B, 4096 bytes
 *  8192   stamp sectors: 127 stamps u32 | CRC-32C u32; zeros to a multiple of 4096
 * </pre>
 *
 * @param regions the volume, cut into regions
 */
record MapLayout(Geometry regions) {
  /** A GiB of stamps, 32 MiB of bits in memory; 16 TiB in regions of 64 KiB. */
  static final long MAX_REGIONS = 1L << 28;

  static final int SLOT = 4096;
  static final int SECTOR = BlockSize.SECTOR;
  static final int STAMPS = SECTOR / Integer.BYTES - 1;

  /** Whether a volume can be tracked in regions of this size. */
  static boolean fits(Geometry regions) {
    return regions.blocks() <= MAX_REGIONS;
  }

  /**
   * The usual size of a region, or for a large volume the smallest with which it can be tracked.
   */
  static BlockSize usualRegion(long size) {
    int bytes = BlockSize.DEFAULT.bytes();
    while (bytes < BlockSize.MAX && !fits(new Geometry(size, new BlockSize(bytes)))) {
      bytes *= 2;
    }
    return new BlockSize(bytes);
  }

  long sectors() {
    return (regions.blocks() + STAMPS - 1) / STAMPS;
  }

  static long slotOffset(int slot) {
    return (long) slot * SLOT;
  }

  static long sectorOffset(long sector) {
    return 2L * SLOT + sector * SECTOR;
  }

  long fileSize() {
    return (sectorOffset(sectors()) + SLOT - 1) / SLOT * SLOT;
  }

  /** The sector that holds the stamp of {@code region}. */
  static long sectorOf(long region) {
    return region / STAMPS;
  }

  static long firstRegion(long sector) {
    return sector * STAMPS;
  }
}
