package snapferry.replicate;

import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.device.BlockDevice;
import snapferry.device.StateDirectory;

/** Where a source lives: the volume, and what is remembered of it and of each of its standbys. */
public interface SourcePlace {
  /** What it is called in messages to people: the path of the volume. */
  String name();

  /** What the volume is called on its standbys: at most 128 of {@code [A-Za-z0-9._-]}. */
  String label();

  /** Opens the volume for reading. */
  BlockDevice open() throws IOException;

  /**
   * A stamp that changes when somebody writes to the volume, as far as that can be seen; null where
   * it cannot.
   */
  @Nullable Object writeStamp() throws IOException;

  /**
   * Opens and locks the directory that remembers the identity of the volume.
   *
   * @param create make it if it is missing
   * @return null when it is missing and not to be made
   */
  @Nullable StateDirectory identity(boolean create) throws IOException;

  /**
   * Opens and locks the directory that remembers what this standby acknowledged.
   *
   * @param create make it if it is missing
   * @return null when it is missing and not to be made
   */
  @Nullable StateDirectory standby(UUID standby, boolean create) throws IOException;

  /** A directory of its own for what a single run needs to remember; gone when it is closed. */
  StateDirectory scratch() throws IOException;
}
