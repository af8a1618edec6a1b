package snapferry.device;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The few named files that remember what is replicated: {@code manifest}, {@code signature}, {@code
 * journal}, undo records. Held under a kernel lock from the moment it is opened until it is closed.
 */
public interface StateDirectory extends Closeable {
  /** What it is called in messages to people: the path. */
  String name();

  boolean exists(String file) throws IOException;

  /** The names of all files, in no order. */
  List<String> files() throws IOException;

  /** Opens {@code file} for reading and writing, and creates it empty when it is missing. */
  Storage open(String file) throws IOException;

  /**
   * The bytes of a small file, or null when it is missing. At most {@code limit} bytes are
   * accepted.
   */
  byte @Nullable [] load(String file, int limit) throws IOException;

  /**
   * Replaces {@code file} as a whole: after a crash it holds the old bytes or the new. Durable when
   * this returns.
   */
  void replace(String file, byte[] content) throws IOException;

  /** Removes {@code file} if it is there. Durable when this returns. */
  void delete(String file) throws IOException;

  /** Makes creations of files durable. */
  void sync() throws IOException;

  /** Bytes that can still be written on the file system of this directory. */
  long usableSpace() throws IOException;
}
