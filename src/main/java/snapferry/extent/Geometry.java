package snapferry.extent;

import org.jspecify.annotations.Nullable;

/**
 * A volume cut into blocks: the one place that knows how offsets, blocks and pages go together.
 *
 * @param size bytes of the volume: a positive multiple of 512, at most {@link #MAX_SIZE}
 * @param blockSize the size of every block but the last, which may be shorter
 */
public record Geometry(long size, BlockSize blockSize) {
  /**
   * 1 EiB: far beyond any device, and low enough that offsets and section sizes never overflow a
   * long.
   */
  public static final long MAX_SIZE = 1L << 60;

  public Geometry {
    if (!isValidSize(size)) {
      throw new IllegalArgumentException(
          "volume size must be a positive multiple of 512, not " + size);
    }
  }

  /** Whether {@code size} can be the size of a volume; for values that come from outside. */
  public static boolean isValidSize(long size) {
    return size > 0 && size <= MAX_SIZE && size % BlockSize.SECTOR == 0;
  }

  // Spelled out: what the JVM would put together at the first use takes a start longer than a sync.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Geometry that && size == that.size && blockSize.equals(that.blockSize);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(size) + 31 * blockSize.hashCode();
  }

  /** Number of blocks, the last of which may be short. */
  public long blocks() {
    return (size + blockSize.bytes() - 1) / blockSize.bytes();
  }

  /** Offset of the first byte of {@code block}. */
  public long offset(long block) {
    return block * blockSize.bytes();
  }

  /** Bytes in {@code block}: the block size, or less for the last one. */
  public int length(long block) {
    return (int) Math.min(blockSize.bytes(), size - offset(block));
  }

  /** Pages in {@code block}, a short last page included. */
  public int pages(long block) {
    return (length(block) + BlockSize.PAGE - 1) / BlockSize.PAGE;
  }

  /** Bytes in page {@code page} of {@code block}. */
  public int pageLength(long block, int page) {
    return Math.min(BlockSize.PAGE, length(block) - page * BlockSize.PAGE);
  }

  /** The block that holds the byte at {@code offset}. */
  public long blockAt(long offset) {
    return offset / blockSize.bytes();
  }

  /** The bytes of {@code count} blocks from {@code first} on, cut at the end of the volume. */
  public Extent extent(long first, long count) {
    long offset = offset(first);
    return new Extent(offset, Math.min(size, offset(first + count)) - offset);
  }
}
