package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import snapferry.codec.LittleEndian;
import snapferry.device.BlockDevice;
import snapferry.device.DeviceView;
import snapferry.extent.BlockSize;
import snapferry.extent.Extent;

/**
 * A source of which everything is looked at as soon as something cannot be read, so that a person
 * knows what is lost and that the rest is not. Nothing is substituted: who wanted to read gets the
 * error all the same, after that.
 */
final class SurveyedReads extends DeviceView {
  /** Places that are named one by one; of a disk that is dead, nobody wants to see each. */
  static final int MAX_NAMED = 100;

  /** When so many bytes are lost, a snapshot is gone or a disk is dead, and no list helps. */
  static final long MAX_LOST = 16 << 20;

  private static final int CHUNK = 1 << 20;

  /** What the kernel reads at least, and a drive of today has as its physical sector. */
  private static final int PAGE = 4096;

  private final Monitor monitor;
  private final ByteBuffer buffer = LittleEndian.direct(CHUNK);
  private boolean surveyed;
  private long places;
  private long lost;
  private @Nullable Extent place;

  SurveyedReads(BlockDevice device, Monitor monitor) {
    super(device);
    this.monitor = monitor;
  }

  @Override
  public void read(long offset, ByteBuffer destination) throws IOException {
    try {
      super.read(offset, destination);
    } catch (IOException e) {
      if (isOfTheMedium(e)) {
        survey(e);
      }
      throw e;
    }
  }

  /** Not that somebody closed it, or waits no longer, or that it ends too early. */
  private static boolean isOfTheMedium(IOException e) {
    return e.getClass() == IOException.class;
  }

  private synchronized void survey(IOException cause) {
    if (surveyed) {
      return;
    }
    surveyed = true;
    monitor.warn(cause.getMessage() + "; looking for everything that cannot be read");
    try {
      long size = size();
      Extent next = nextAllocated(0);
      while (next != null) {
        look(next.offset(), next.end(), CHUNK);
        next = next.end() < size ? nextAllocated(next.end()) : null;
      }
      tellPlace();
      monitor.warn(
          "%s: all that cannot be read is %d of its %d bytes (places: %d%s)"
              .formatted(
                  name(), lost, size, places, places > MAX_NAMED ? ", not all of them named" : ""));
    } catch (IOException e) {
      cause.addSuppressed(e);
      monitor.warn(name() + ": was not looked at to its end: " + e.getMessage());
    }
  }

  /** Reads a range in steps, and in smaller ones where that fails. */
  private void look(long from, long end, int step) throws IOException {
    long at = from;
    while (at < end) {
      long until = Math.min(end, (at / step + 1) * step);
      if (!isReadable(at, (int) (until - at))) {
        if (step == PAGE) {
          lose(new Extent(at, until - at));
        } else {
          look(at, until, PAGE);
        }
      }
      at = until;
    }
  }

  private boolean isReadable(long offset, int length) throws IOException {
    try {
      super.read(offset, buffer.clear().limit(length));
      return true;
    } catch (IOException e) {
      if (isOfTheMedium(e)) {
        return false;
      }
      throw e; // The run is being ended.
    }
  }

  private void lose(Extent page) throws IOException {
    lost += page.length();
    if (lost > MAX_LOST) {
      tellPlace();
      throw new IOException(
          "%d bytes cannot be read up to offset %d, which is enough".formatted(lost, page.end()));
    }
    Extent before = place;
    if (before != null && before.end() == page.offset()) {
      place = new Extent(before.offset(), before.length() + page.length());
      return;
    }
    tellPlace();
    place = page;
  }

  /** Names the place that has come to its end. */
  private void tellPlace() {
    Extent ended = place;
    if (ended == null) {
      return;
    }
    places++;
    if (places <= MAX_NAMED) {
      monitor.warn(
          "%s: cannot read LBA %d to %d (%d bytes at offset %d)"
              .formatted(
                  name(),
                  ended.offset() / BlockSize.SECTOR,
                  ended.end() / BlockSize.SECTOR - 1,
                  ended.length(),
                  ended.offset()));
    }
  }
}
