package snapferry.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import snapferry.codec.LittleEndian;
import snapferry.device.StateDirectory;
import snapferry.device.Storage;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/**
 * Appends to a new file of a state directory in large writes, as long as there is room. After an
 * exception it takes nothing more: what is on disk is unknown.
 */
final class Appender implements Closeable {
  /** Bytes that stay free on the file system, so that a manifest can still be replaced. */
  static final long RESERVE = 16L << 20;

  private static final int BUFFER = 1 << 20;

  private static final String NO_SPACE =
      "no space left for the %s in %s: it needs at least %d bytes, of which %d are written;"
          + " %d are free, and %d of them stay in reserve. The image was not touched. Free some"
          + " space there and run again%s.";

  private final StateDirectory directory;
  private final Storage storage;
  private final String what;
  private final String otherwise;
  private final ByteBuffer buffer = LittleEndian.direct(BUFFER);
  private long written;
  private boolean open = true;

  private Appender(StateDirectory directory, Storage storage, String what, String otherwise) {
    this.directory = directory;
    this.storage = storage;
    this.what = what;
    this.otherwise = otherwise;
  }

  /**
   * Starts {@code file} in place of any other of that name.
   *
   * @param what it is called when there is no room
   * @param otherwise what can be done then besides freeing space; may be empty
   */
  static Appender create(StateDirectory directory, String file, String what, String otherwise)
      throws IOException {
    directory.delete(file);
    return new Appender(directory, directory.open(file), what, otherwise);
  }

  /** Bytes of the file so far, as they will be on disk. */
  long bytes() {
    return written + buffer.position();
  }

  boolean isOpen() {
    return open;
  }

  /** Appends {@code source[from, from + length)}. */
  void put(ByteBuffer source, int from, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int part = Math.min(length - done, buffer.remaining());
      buffer.put(buffer.position(), source, from + done, part);
      buffer.position(buffer.position() + part);
      done += part;
      if (!buffer.hasRemaining()) {
        flush();
      }
    }
  }

  /** Writes what was appended. */
  void flush() throws IOException {
    if (buffer.position() == 0) {
      return;
    }
    open = false;
    buffer.flip();
    checkSpace(buffer.remaining());
    storage.write(written, buffer);
    written += buffer.limit();
    buffer.clear();
    open = true;
  }

  /** Writes all that was appended, and takes nothing more. Durable after a sync of the file. */
  Storage finish() throws IOException {
    flush();
    open = false;
    return storage;
  }

  private void checkSpace(int length) throws IOException {
    long usable = directory.usableSpace();
    if (usable - RESERVE < length) {
      throw new Failure(
          ExitCode.FAILED,
          NO_SPACE.formatted(
              what, directory.name(), written + length, written, usable, RESERVE, otherwise));
    }
  }

  @Override
  public void close() throws IOException {
    open = false;
    storage.close();
  }
}
