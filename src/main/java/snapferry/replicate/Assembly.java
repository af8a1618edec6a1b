package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import snapferry.codec.LittleEndian;
import snapferry.delta.BlockSigner;
import snapferry.delta.PageRuns;
import snapferry.delta.Signature;
import snapferry.delta.SignatureShape;
import snapferry.device.BlockDevice;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.DeltaDecoder;

/**
 * Builds a block in memory from the basis and what came, and proves it before anybody writes it.
 *
 * <pre>
 *  image ─▶ basis block ── hash == stored hash? (compare-and-swap) ─┐
 *  DELTA ─▶ pages ──────────────────────────────────────────────────┴─▶ block ── hash == announced hash? ─▶ entry
 * </pre>
 */
final class Assembly {
  /** So many hashes of the signature are read at a time: blocks come in the order of the volume. */
  private static final int AHEAD = 256;

  private final SignatureShape shape;
  private final Geometry geometry;
  private final BlockReading reading;
  private final Signature signature;
  private final String name;
  private final boolean compareAndSwap;
  private final @Nullable ByteBuffer before;
  private final @Nullable LongConsumer tolerant;
  private final BlockSigner signer;
  private final ByteBuffer block;
  private final ByteBuffer hash;
  private final ByteBuffer stored;
  private final ByteBuffer entry;
  private final ByteBuffer zeros;
  private long storedFirst;
  private int storedCount;
  private long bytesRead;

  /**
   * @param signature of the image as it should be
   * @param compareAndSwap whether to check the image against it before a block is changed
   * @param keepsBefore whether anybody asks what the block was; then {@code compareAndSwap} too
   * @param tolerant is told which blocks of the image are not what they should be, and has them
   *     come whole; null if that is to be a failure
   */
  Assembly(
      BlockDevice image,
      Signature signature,
      boolean compareAndSwap,
      boolean keepsBefore,
      @Nullable LongConsumer tolerant)
      throws IOException {
    this.shape = signature.shape();
    this.geometry = shape.geometry();
    this.reading = BlockReading.ofImage(image, geometry);
    this.signature = signature;
    this.name = image.name();
    this.compareAndSwap = compareAndSwap;
    this.tolerant = tolerant;
    this.signer = new BlockSigner(shape);
    this.block = LittleEndian.direct(geometry.blockSize().bytes());
    this.hash = LittleEndian.direct(shape.hash().length());
    this.stored = LittleEndian.direct(AHEAD * shape.hash().length());
    this.entry = LittleEndian.direct(shape.entryLength());
    this.before = keepsBefore ? LittleEndian.direct(geometry.blockSize().bytes()) : null;
    this.zeros = LittleEndian.direct(BlockSize.PAGE);
  }

  /**
   * Builds the block that {@code delta} is at; its entry is then {@link #entry}.
   *
   * @param repeated whether it comes whole, because it did not come out before
   * @return whether it hashes to what was announced
   * @throws Failure {@link ExitCode#INTEGRITY} when the image does not hold what its signature
   *     says, and nobody is tolerant of that
   */
  boolean build(DeltaDecoder delta, boolean repeated) throws IOException {
    boolean basis = keepsPages(delta) || (compareAndSwap && !(repeated && tolerant != null));
    if (basis && !readBasis(delta.block())) {
      return false;
    }
    int length = geometry.length(delta.block());
    if (before != null && !repeated) {
      before.put(0, block, 0, length);
    }
    overlay(delta);
    int hashLength = shape.hash().length();
    signer.hash(block, 0, length, entry, 0);
    if (!shape.hash().same(entry, 0, delta.hash(), delta.hashAt())) {
      return false;
    }
    signer.pageSums(block, 0, length, entry, hashLength);
    return true;
  }

  private static boolean keepsPages(DeltaDecoder delta) {
    for (int page = 0; page < delta.pages(); page++) {
      if (delta.ops()[page] == PageRuns.SAME) {
        return true;
      }
    }
    return false;
  }

  /** Reads a block of the image, and tells whether it is what its signature says. */
  boolean readBasis(long number) throws IOException {
    reading.readBlock(number, block);
    int length = geometry.length(number);
    bytesRead += length;
    if (!compareAndSwap) {
      return true;
    }
    signer.hash(block, 0, length, hash, 0);
    if (isStored(number)) {
      return true;
    }
    if (tolerant == null) {
      throw new Failure(
          ExitCode.INTEGRITY,
          name
              + " changed behind our back: the block at offset "
              + geometry.offset(number)
              + " is not what the last epoch left there. Nothing was written; --full compares both ends anew");
    }
    tolerant.accept(number);
    return false;
  }

  /**
   * Whether the signature has {@link #hash} for the block. Who mends or makes the signature
   * meanwhile may have set it after it was read ahead, so only a hash that was read now can refute.
   */
  private boolean isStored(long number) throws IOException {
    boolean isAhead = number >= storedFirst && number < storedFirst + storedCount;
    if (!isAhead) {
      readStored(number, (int) Math.min(AHEAD, geometry.blocks() - number));
    }
    if (matches(number)) {
      return true;
    }
    readStored(number, 1);
    return matches(number);
  }

  private void readStored(long first, int count) throws IOException {
    storedCount = 0;
    signature.hashes(first, count, stored.clear());
    storedFirst = first;
    storedCount = count;
  }

  private boolean matches(long number) {
    int at = (int) (number - storedFirst) * shape.hash().length();
    return shape.hash().same(hash, 0, stored, at);
  }

  private void overlay(DeltaDecoder delta) throws IOException {
    int from = delta.literalsAt();
    for (int page = 0; page < delta.pages(); page++) {
      int at = page * BlockSize.PAGE;
      int length = geometry.pageLength(delta.block(), page);
      switch (delta.ops()[page]) {
        case PageRuns.LITERAL -> {
          block.put(at, delta.literals(), from, length);
          from += length;
        }
        case PageRuns.ZERO -> block.put(at, zeros, 0, length);
        default -> {}
      }
    }
    if (delta.copiedLength() > 0) {
      copy(delta);
    }
  }

  /**
   * Takes what is copied from the image as it is before this epoch, which no epoch overwrites
   * before all of it came. What lies together is read together.
   */
  private void copy(DeltaDecoder delta) throws IOException {
    long[] sources = delta.sources();
    for (int page = 0; page < delta.pages(); page++) {
      if (delta.ops()[page] == PageRuns.COPY) {
        int first = page;
        while (page + 1 < delta.pages()
            && delta.ops()[page + 1] == PageRuns.COPY
            && sources[page + 1] == sources[page] + BlockSize.PAGE) {
          page++;
        }
        int end = page * BlockSize.PAGE + geometry.pageLength(delta.block(), page);
        reading.read(sources[first], block.limit(end).position(first * BlockSize.PAGE));
        bytesRead += end - first * BlockSize.PAGE;
        block.clear();
      }
    }
  }

  /**
   * What the block was, for whoever said that it would be asked for. It is the same when it comes
   * again; of a block of the image that was not what it should be, nobody knows.
   */
  ByteBuffer before() {
    return Objects.requireNonNull(before, "not kept");
  }

  /** The block that was built. */
  ByteBuffer block() {
    return block;
  }

  /** Hash and page sums of the block that was built, from position to limit. */
  ByteBuffer entry() {
    return entry.clear();
  }

  /** Bytes read from the image. */
  long bytesRead() {
    return bytesRead;
  }
}
