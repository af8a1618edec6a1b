package snapferry.delta;

import static snapferry.delta.RollingSum.BASE;
import static snapferry.delta.RollingSum.WINDOW;

import java.nio.ByteBuffer;
import snapferry.extent.BlockSize;

/**
 * Adler-32 of windows of 4096 bytes that move by sectors. The sum of every sector is taken once, at
 * the speed of memory, and a window's is put together from those of its eight sectors. When sector
 * D leaves, E enters and S is what the window was,
 *
 * <pre>
 * plain'    = plain(S) - plain(D) + plain(E)
 * weighted' = weighted(S) - weighted(D) - 4096 plain(D) + 512 plain(S) + weighted(E)    (mod 65521)
 * </pre>
 *
 * <p>with the terms of {@link RollingSum}, a sector's weights being distances from its own end.
 */
final class SectorSums {
  private static final int SECTOR = BlockSize.SECTOR;
  private static final int SECTORS = WINDOW / SECTOR;

  private final PageSigner signer;
  private final int[] plains = new int[SECTORS];
  private final int[] weighteds = new int[SECTORS];
  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private int position;
  private int plain;
  private int weighted;

  SectorSums(PageSigner signer) {
    this.signer = signer;
  }

  /** The sums from now on are of windows of {@code bytes}. */
  void of(ByteBuffer bytes) {
    this.bytes = bytes;
    position = -1;
  }

  /**
   * The sum of {@code bytes[at, at + 4096)}: cheap when the window before was at {@code at - 512}.
   */
  int at(int at) {
    if (position >= 0 && at == position + SECTOR) {
      advance();
    } else if (position < 0 || at != position) {
      start(at);
    }
    return RollingSum.value(plain, weighted);
  }

  private void start(int at) {
    position = at;
    plain = 0;
    weighted = 0;
    for (int i = 0; i < SECTORS; i++) {
      int slot = slot(at + i * SECTOR);
      take(at + i * SECTOR, slot);
      int behind = WINDOW - (i + 1) * SECTOR;
      plain += plains[slot];
      weighted = (weighted + weighteds[slot] + behind * plains[slot]) % BASE;
    }
    plain %= BASE;
  }

  private void advance() {
    int slot = slot(position);
    int leaving = plains[slot];
    // What may become negative is lifted by a multiple of the base that is large enough.
    int rest = weighted - weighteds[slot] - WINDOW * leaving + SECTOR * plain;
    take(position + WINDOW, slot);
    weighted = (rest + weighteds[slot] + (WINDOW + 1) * BASE) % BASE;
    plain = (plain - leaving + plains[slot] + BASE) % BASE;
    position += SECTOR;
  }

  private static int slot(int at) {
    return at / SECTOR % SECTORS;
  }

  /** Adler-32 of a sector starts with 1 and adds it up 512 times. */
  private void take(int at, int slot) {
    int sum = signer.weak(bytes, at, SECTOR);
    plains[slot] = ((sum & 0xffff) + BASE - 1) % BASE;
    weighteds[slot] = ((sum >>> 16) + BASE - SECTOR) % BASE;
  }
}
