package snapferry.fuse;

import java.util.concurrent.atomic.AtomicInteger;
import snapferry.replicate.Monitor;

/** Tells of requests that failed, until a disk that fails all the time has told enough. */
final class Complaints {
  private static final int MAX = 50;

  private final Monitor monitor;
  private final AtomicInteger told = new AtomicInteger();

  Complaints(Monitor monitor) {
    this.monitor = monitor;
  }

  /** A request failed, and whoever made it gets EIO. */
  void failed(String what, ServedFile file, long offset, long length, Throwable cause) {
    int before = told.getAndUpdate(count -> Math.min(count + 1, MAX + 1));
    if (before < MAX) {
      monitor.warn(
          file.name()
              + ": "
              + what
              + " of "
              + length
              + " bytes at offset "
              + offset
              + " failed, who asked for it was told so (EIO): "
              + cause);
    } else if (before == MAX) {
      monitor.warn("that were " + MAX + " failures; others are not told");
    }
  }
}
