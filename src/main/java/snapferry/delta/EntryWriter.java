package snapferry.delta;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Sets entries of a signature one after another, in the order of the volume, as {@link
 * Signature#putEntry} does, with a tenth of the writes where many blocks changed, and a hundredth
 * where all did.
 *
 * <p>Hashes and page sums reach the file each in their own time, so it is only for who can set all
 * of them again after a crash: a journal, or a seed, which then begins its signature anew.
 */
public final class EntryWriter {
  private final Signature signature;
  private final SectionWriter hashes;
  private final SectionWriter pageSums;

  EntryWriter(Signature signature, Section hashes, Section pageSums, boolean alone) {
    this.signature = signature;
    this.hashes = new SectionWriter(hashes, alone);
    this.pageSums = new SectionWriter(pageSums, alone);
  }

  /**
   * Sets hash and page sums of {@code block}, {@link SignatureShape#entryLength} bytes of {@code
   * entry}.
   */
  public void put(long block, ByteBuffer entry) throws IOException {
    if (signature.isZero(entry, entry.position())) {
      putZeros(block, 1);
      entry.position(entry.position() + signature.shape().entryLength());
    } else {
      hashes.put(block, entry);
      pageSums.put(block, entry);
    }
  }

  /** Sets {@code count} blocks from {@code first} on to zeros. */
  public void putZeros(long first, long count) throws IOException {
    flush();
    signature.putZeros(first, count);
  }

  /** Writes what was set, and makes everything written to the signature so far durable. */
  public void sync() throws IOException {
    flush();
    signature.sync();
  }

  /** Writes what was set. */
  void flush() throws IOException {
    hashes.flush();
    pageSums.flush();
  }
}
