package snapferry.device;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import snapferry.extent.Extent;

/** A volume or an image: a block device, or a regular file that stands for one. */
public interface BlockDevice extends Storage {
  /** What it is called in messages to people: the path. */
  String name();

  /**
   * Whether it is a device of fixed size (true) or a regular file, which can be resized and has
   * holes (false).
   */
  boolean isDevice();

  /** Bytes of a logical sector: I/O on a device must be aligned to it. 512 for files. */
  int sectorSize() throws IOException;

  /**
   * Makes {@code [offset, offset + length)} read as zeros, by a hole where that is possible. The
   * range must lie within the device.
   */
  void zero(long offset, long length) throws IOException;

  /**
   * The first extent at or after {@code from} that may hold anything but zeros, cut to start at
   * {@code from} or later; null when only zeros follow. A device, or a file system that knows no
   * holes, answers with everything that is left.
   */
  @Nullable Extent nextAllocated(long from) throws IOException;

  /** Lets the page cache forget a range that was read and will not be wanted again: a hint. */
  default void forget(long offset, long length) throws IOException {}

  /**
   * Lets the disk begin with what was written to a range, so that the {@link #sync} to come is
   * short: a hint, which makes nothing durable.
   */
  default void startWriteBack(long offset, long length) throws IOException {}
}
