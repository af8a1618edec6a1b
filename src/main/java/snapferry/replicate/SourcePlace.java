package snapferry.replicate;

import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import snapferry.change.ChangeSource;
import snapferry.device.BlockDevice;
import snapferry.device.StateDirectory;
import snapferry.patrol.Moment;

/** Where a source lives: the volume, and what is remembered of it and of each of its standbys. */
public interface SourcePlace {
  /** What it is called in messages to people: the path of the volume. */
  String name();

  /** What the volume is called on its standbys: at most 128 of {@code [A-Za-z0-9._-]}. */
  String label();

  /** Opens the volume for reading, or a snapshot that is taken of it now. */
  BlockDevice open() throws IOException;

  /**
   * Makes sure that what was read since {@link #open} came from a snapshot that is still whole, if
   * there is one.
   *
   * @throws snapferry.failure.Failure {@link snapferry.failure.ExitCode#SNAPSHOT_LOST}
   */
  void checkSnapshot() throws IOException;

  /**
   * What narrows the reading of what was opened, for a standby that holds {@code basis}; null when
   * nothing can vouch for that, and everything has to be read.
   *
   * @param size bytes of the volume
   */
  @Nullable ChangeSource changesSince(StandbyEpoch basis, long size) throws IOException;

  /** END is about to say {@code next}: what could vouch for it or for {@code basis} must stay. */
  void keepSnapshot(StandbyEpoch basis, StandbyEpoch next) throws IOException;

  /** The standby holds {@code now}, durably. */
  void acknowledged(StandbyEpoch now) throws IOException;

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

  /** When it is, for the patrol. */
  default Moment now() throws IOException {
    return Moment.now();
  }

  /** A directory of its own for what a single run needs to remember; gone when it is closed. */
  StateDirectory scratch() throws IOException;
}
