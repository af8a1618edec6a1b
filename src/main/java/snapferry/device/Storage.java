package snapferry.device;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes that can be read and written at any offset and made durable: a journal, a signature, and,
 * as a {@link BlockDevice}, a volume. The seam between Snapferry and the disk; crash tests put a
 * hostile disk behind it.
 *
 * <p>Safe for use by several threads, as pread(2) and pwrite(2) are. What was written is durable
 * only after a {@link #sync()} that returned; after one that threw, nothing is known about any
 * write since the sync before it, and the run must fail (fsync is never retried as if it told the
 * truth).
 */
public interface Storage extends Closeable {
  /** Bytes that can be read. */
  long size() throws IOException;

  /**
   * Fills {@code destination} from its position to its limit with the bytes from {@code offset} on,
   * and leaves its position at its limit.
   *
   * @throws IOException if any of these bytes cannot be read; also when they lie beyond the end
   */
  void read(long offset, ByteBuffer destination) throws IOException;

  /**
   * Writes {@code source} from its position to its limit at {@code offset}; a file grows when that
   * is past its end.
   */
  void write(long offset, ByteBuffer source) throws IOException;

  /** Makes a file longer (new bytes are zero) or shorter. A device refuses. */
  void resize(long size) throws IOException;

  /** Makes everything written so far durable: data and, for a file, its size. */
  void sync() throws IOException;

  /**
   * As {@link #sync}, but of a file's attributes only what it takes to read the data back: cheaper
   * where bytes that were written before are overwritten.
   */
  default void syncData() throws IOException {
    sync();
  }
}
