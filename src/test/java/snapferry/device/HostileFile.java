package snapferry.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import snapferry.extent.BlockSize;
import snapferry.extent.Extent;

/**
 * Bytes on a {@link HostileDisk}: sectors and a size, each versioned of its own. Guarded by the
 * disk.
 */
final class HostileFile {
  private static final int SECTOR = BlockSize.SECTOR;
  private static final byte[] ZEROS = new byte[SECTOR];

  private final Versioned<Long> size;
  private final List<Versioned<byte[]>> sectors = new ArrayList<>();

  /** A file whose content is durable. */
  HostileFile(byte[] content) {
    size = new Versioned<>((long) content.length);
    for (int at = 0; at < content.length; at += SECTOR) {
      byte[] sector = new byte[SECTOR];
      System.arraycopy(content, at, sector, 0, Math.min(SECTOR, content.length - at));
      sectors.add(new Versioned<>(sector));
    }
  }

  long size() {
    return size.live();
  }

  byte[] content() {
    byte[] content = new byte[Math.toIntExact(size())];
    read(0, content, content.length);
    return content;
  }

  void read(long offset, byte[] destination, int length) {
    for (int done = 0; done < length; ) {
      int start = (int) ((offset + done) % SECTOR);
      int count = Math.min(SECTOR - start, length - done);
      System.arraycopy(sector(offset + done).live(), start, destination, done, count);
      done += count;
    }
  }

  void write(long offset, byte[] source, int length) {
    for (int done = 0; done < length; ) {
      Versioned<byte[]> sector = sector(offset + done);
      int start = (int) ((offset + done) % SECTOR);
      int count = Math.min(SECTOR - start, length - done);
      byte[] version = sector.live().clone();
      System.arraycopy(source, done, version, start, count);
      sector.set(version);
      done += count;
    }
    if (length > 0 && offset + length > size()) {
      size.set(offset + length);
    }
  }

  void resize(long newSize) {
    long cut = size() - newSize;
    if (cut > 0) {
      write(newSize, new byte[Math.toIntExact(cut)], (int) cut);
    }
    if (cut != 0) {
      size.set(newSize);
    }
  }

  void sync() {
    size.sync();
    sectors.forEach(Versioned::sync);
  }

  void failSync(RandomGenerator random) {
    size.failSync(random);
    sectors.forEach(sector -> sector.failSync(random));
  }

  /** What is left of it after a power cut. */
  HostileFile surviving(Versioned.Survival survival) {
    byte[] content = new byte[Math.toIntExact(size.surviving(survival))];
    for (int i = 0; i < sectors.size(); i++) {
      byte[] sector = sectors.get(i).surviving(survival);
      int at = i * SECTOR;
      if (at < content.length) {
        System.arraycopy(sector, 0, content, at, Math.min(SECTOR, content.length - at));
      }
    }
    return new HostileFile(content);
  }

  /**
   * The first run of sectors at or after {@code from} that are not all zero; null if there is none.
   */
  @Nullable Extent nextAllocated(long from) {
    long start = from;
    while (start < size() && isZero(start)) {
      start = (start / SECTOR + 1) * SECTOR;
    }
    long end = start;
    while (end < size() && !isZero(end)) {
      end = Math.min((end / SECTOR + 1) * SECTOR, size());
    }
    return end > start ? new Extent(start, end - start) : null;
  }

  private boolean isZero(long offset) {
    return Arrays.equals(sector(offset).live(), ZEROS);
  }

  private Versioned<byte[]> sector(long offset) {
    while (sectors.size() <= offset / SECTOR) {
      sectors.add(new Versioned<>(ZEROS));
    }
    return sectors.get((int) (offset / SECTOR));
  }
}
