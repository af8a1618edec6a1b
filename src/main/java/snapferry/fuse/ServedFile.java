package snapferry.fuse;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file of fixed size that a mount shows: the seam between the kernel's protocol and what is
 * behind it. Called by several threads at once. Every range that is asked for lies within the file.
 *
 * <p>What is thrown becomes EIO for whoever reads or writes the file.
 */
public interface ServedFile {
  /** Most characters of {@link #identity}. */
  int MAX_IDENTITY = 128;

  /** Its name in the mount. */
  String name();

  /**
   * Names what is behind it, for a takeover: 1 to {@value #MAX_IDENTITY} characters of ASCII, no
   * blanks or control characters. Two files with the same one have the same content.
   */
  String identity();

  /** Its size in bytes. */
  long size();

  /** Whether it can be written to. */
  boolean isWritable();

  /**
   * Fills {@code destination} from its position to its limit with the bytes from {@code offset}.
   */
  void read(long offset, ByteBuffer destination) throws IOException;

  /** Writes {@code source} from its position to its limit at {@code offset}. */
  void write(long offset, ByteBuffer source) throws IOException;

  /**
   * Makes a range read as zeros.
   *
   * @param deallocate whether its storage may be given back (a hole, a discard)
   */
  void zero(long offset, long length, boolean deallocate) throws IOException;

  /** Makes durable what was written so far. */
  void sync() throws IOException;
}
