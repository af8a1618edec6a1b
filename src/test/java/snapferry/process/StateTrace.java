package snapferry.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;

/**
 * What a state directory shows from outside while a run works in it, or after one was killed. Reads
 * the files by itself, as {@code journal.md} describes them.
 */
@NullMarked
record StateTrace(Path directory) {
  private static final long SLOT_A = 4096;

  /** How far a run came. */
  enum Phase {
    /** Nothing is there. */
    BLANK,
    /** A first copy has begun. */
    SEEDING,
    /** The epoch before stands, and no other is on its way. */
    STANDING,
    /** Another is on its way. */
    RECEIVING,
    /** It is committed; the image may be anything between. */
    COMMITTED,
    /** It is applied, and its journal is still there. */
    APPLIED,
    /** It stands. */
    DONE
  }

  /**
   * Where it stands.
   *
   * @param base the epoch before the run
   */
  Phase phase(long base) throws IOException {
    if (!Files.exists(manifest())) {
      return Phase.BLANK;
    }
    boolean moved = epoch() > base;
    if (journalBytes() < 0) {
      return moved ? Phase.DONE : epoch() == 0 ? Phase.SEEDING : Phase.STANDING;
    }
    if (!committed()) {
      return Phase.RECEIVING;
    }
    return moved ? Phase.APPLIED : Phase.COMMITTED;
  }

  private Path manifest() {
    return directory.resolve("manifest");
  }

  private Path journal() {
    return directory.resolve("journal");
  }

  /** The epoch that the manifest names; -1 without one. */
  long epoch() throws IOException {
    try {
      return Files.readString(manifest())
          .lines()
          .filter(line -> line.startsWith("epoch: "))
          .mapToLong(line -> Long.parseLong(line.substring(7)))
          .findFirst()
          .orElseThrow();
    } catch (NoSuchFileException e) {
      return -1;
    }
  }

  /** How long the journal is; -1 without one. */
  long journalBytes() throws IOException {
    try {
      return Files.size(journal());
    } catch (NoSuchFileException e) {
      return -1;
    }
  }

  /** Whether the commit slots of the journal are written. */
  boolean committed() throws IOException {
    try (FileChannel file = FileChannel.open(journal())) {
      ByteBuffer first = ByteBuffer.allocate(1);
      return file.read(first, SLOT_A) == 1 && first.get(0) != 0;
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
