package snapferry.replicate;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import snapferry.device.BlockDevice;
import snapferry.device.StateDirectory;
import snapferry.extent.Geometry;
import snapferry.patrol.Moment;

/** Where a standby lives: its image and its state directory, which may both be missing. */
public interface StandbyPlace {
  /** What it is called in messages to people: the path of the image. */
  String name();

  /**
   * Opens the image.
   *
   * @param write for writing, and then exclusively: refused with {@link
   *     snapferry.failure.ExitCode#BUSY} when it is mounted or held
   * @return null when it is not there
   */
  @Nullable BlockDevice open(boolean write) throws IOException;

  /** Makes the image: a sparse file of {@code size} zeros, open for writing. */
  BlockDevice create(long size) throws IOException;

  /**
   * Opens and locks the state directory.
   *
   * @param create make it if it is missing
   * @return null when it is missing and not to be made
   */
  @Nullable StateDirectory state(boolean create) throws IOException;

  /** For how many epochs to keep what it takes to go back; null for as many as before. */
  default @Nullable Integer keep() {
    return null;
  }

  /** Most bytes of a volume that may be replicated into it. */
  default long maxSize() {
    return Geometry.MAX_SIZE;
  }

  /** When it is, for the patrol. */
  default Moment now() throws IOException {
    return Moment.now();
  }

  /** The image holds {@code epoch}, durably, and the source is about to be told. */
  default void committed(long epoch) {}
}
