package snapferry.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.NullMarked;

/** What is in a volume: pages of noise, pages of zeros, and edits of them. */
@NullMarked
final class Content {
  static final int PAGE = 4096;
  private static final int RUN = 64 * PAGE;
  private static final Path NOTHING = Path.of("/dev/null");
  private static final byte[] ZEROS = new byte[PAGE];

  private Content() {}

  /** Fills a new file: runs of noise, of which one in four stays a hole. Its end is noise. */
  static void fill(Path file, long size, Random random) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (long at = 0; at < size; at += RUN) {
        if (random.nextInt(4) > 0 || at + RUN >= size) {
          write(channel, at, noise((int) Math.min(RUN, size - at), random));
        }
      }
    }
  }

  /** Overwrites pieces of it all over, about {@code bytes} together, some of them with zeros. */
  static void edit(Path file, long bytes, Random random) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (long done = 0; done < bytes; ) {
        int length = PAGE * (1 + random.nextInt(3));
        long at = PAGE * random.nextLong((channel.size() - length) / PAGE);
        boolean zeros = random.nextInt(8) == 0;
        write(channel, at, zeros ? new byte[length] : noise(length, random));
        done += length;
      }
    }
  }

  private static byte[] noise(int length, Random random) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }

  private static void write(FileChannel channel, long at, byte[] bytes) throws IOException {
    channel.write(ByteBuffer.wrap(bytes), at);
  }

  /** A page of a file. */
  static byte[] page(Path file, long offset) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer page = ByteBuffer.allocate(PAGE);
      channel.read(page, offset);
      return page.array();
    }
  }

  /**
   * The offset of a page, chosen by {@code random}, in which a copy, which may be missing, is not
   * yet like the volume; -1 when there is none.
   */
  static long difference(Path volume, Path copy, Random random) throws IOException {
    boolean begun = Files.exists(copy);
    try (FileChannel a = FileChannel.open(volume);
        FileChannel b = FileChannel.open(begun ? copy : NOTHING)) {
      long pages = a.size() / PAGE;
      long first = (long) (random.nextDouble() * pages);
      for (long i = 0; i < pages; i++) {
        long at = (first + i) % pages * PAGE;
        if (!Arrays.equals(page(a, at), page(b, at))) {
          return at;
        }
      }
      return -1;
    }
  }

  private static byte[] page(FileChannel channel, long at) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(PAGE);
    channel.read(page, at);
    return page.array();
  }

  /**
   * Counts the bytes that a copy holds already.
   *
   * @return bytes in pages that are not zero and equal in both
   * @throws AssertionError if a page of {@code copy} is neither zero nor that of {@code volume}
   */
  static long copied(Path volume, Path copy) throws IOException {
    try (FileChannel a = FileChannel.open(volume);
        FileChannel b = FileChannel.open(copy)) {
      long bytes = 0;
      for (long at = 0; at < b.size(); at += PAGE) {
        byte[] here = page(b, at);
        if (Arrays.equals(here, ZEROS)) {
          continue;
        }
        if (!Arrays.equals(here, page(a, at))) {
          throw new AssertionError("a page that was never in the volume, at " + at);
        }
        bytes += PAGE;
      }
      return bytes;
    }
  }
}
