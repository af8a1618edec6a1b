package snapferry.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where a journal is applied: the image and its signature. Every call is idempotent, so a replay
 * that was cut off is done again from the start. Buffers are valid during the call only.
 */
public interface Replay {
  /** The image has these bytes at {@code offset}. */
  void literal(long offset, ByteBuffer bytes) throws IOException;

  /** The image has zeros in {@code [offset, offset + length)}. */
  void zero(long offset, long length) throws IOException;

  /** The signature of {@code block} is {@code entry}: block hash and page sums of a whole block. */
  void entry(long block, ByteBuffer entry) throws IOException;

  /** The signature entries of {@code count} blocks from {@code first} on are zeros. */
  void zeroEntries(long first, long count) throws IOException;

  /** Node {@code index} of {@code level} of the hash tree (level 0 are the block hashes). */
  void node(int level, long index, ByteBuffer node) throws IOException;
}
