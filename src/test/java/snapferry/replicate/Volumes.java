package snapferry.replicate;

import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import snapferry.extent.BlockSize;

/** Contents of volumes and what happens to them between epochs. */
@NullMarked
final class Volumes {
  private Volumes() {}

  /** A mix of holes, text-like and random pages. */
  static byte[] random(Random random, int size) {
    byte[] content = new byte[size];
    for (int at = 0; at < size; at += BlockSize.PAGE) {
      page(random, content, at);
    }
    return content;
  }

  private static void page(Random random, byte[] content, int at) {
    int end = Math.min(content.length, at + BlockSize.PAGE);
    switch (random.nextInt(3)) {
      case 0 -> Arrays.fill(content, at, end, (byte) 0);
      case 1 -> {
        for (int i = at; i < end; i++) {
          content[i] = (byte) ('a' + random.nextInt(4));
        }
      }
      default -> {
        byte[] bytes = new byte[end - at];
        random.nextBytes(bytes);
        System.arraycopy(bytes, 0, content, at, bytes.length);
      }
    }
  }

  /**
   * Another content of the same size: some bytes, pages and runs of blocks changed, some zeroed.
   */
  static byte[] edited(Random random, byte[] before, int edits) {
    byte[] after = before.clone();
    for (int i = 0; i < edits; i++) {
      int at = random.nextInt(after.length / BlockSize.SECTOR) * BlockSize.SECTOR;
      switch (random.nextInt(4)) {
        case 0 -> after[at + random.nextInt(BlockSize.SECTOR)] ^= 1;
        case 1 -> page(random, after, at / BlockSize.PAGE * BlockSize.PAGE);
        case 2 ->
            Arrays.fill(after, at, Math.min(after.length, at + random.nextInt(40_000)), (byte) 0);
        default -> {
          byte[] run = new byte[Math.min(after.length - at, random.nextInt(40_000))];
          random.nextBytes(run);
          System.arraycopy(run, 0, after, at, run.length);
        }
      }
    }
    return after;
  }

  /** Every byte is {@code distance} further on; what leaves at the end comes in at the start. */
  static byte[] rotated(byte[] before, int distance) {
    byte[] after = new byte[before.length];
    System.arraycopy(before, 0, after, distance, before.length - distance);
    System.arraycopy(before, before.length - distance, after, 0, distance);
    return after;
  }
}
