package snapferry.extent;

import org.jspecify.annotations.Nullable;

/**
 * The unit of the strong signature: a power of two from one page (4 KiB) to 1 MiB. A block is made
 * of pages, the unit of refinement; only the last page of a volume may be shorter (a multiple of a
 * 512-byte sector).
 *
 * @param bytes size of a block in bytes
 */
public record BlockSize(int bytes) {
  public static final int SECTOR = 512;
  public static final int PAGE = 4096;
  public static final int MAX = 1 << 20;
  public static final BlockSize DEFAULT = new BlockSize(64 << 10);

  public BlockSize {
    if (!isValid(bytes)) {
      throw new IllegalArgumentException(
          "block size must be a power of two from 4096 to 1048576, not " + bytes);
    }
  }

  /** Whether {@code bytes} is a block size; for values that come from outside. */
  public static boolean isValid(long bytes) {
    return bytes >= PAGE && bytes <= MAX && Long.bitCount(bytes) == 1;
  }

  // Spelled out: what the JVM would put together at the first use takes a start longer than a sync.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BlockSize that && bytes == that.bytes;
  }

  @Override
  public int hashCode() {
    return Integer.hashCode(bytes);
  }

  /** Pages in a whole block. */
  public int pages() {
    return bytes / PAGE;
  }
}
