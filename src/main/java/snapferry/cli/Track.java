package snapferry.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.fuse.FuseServer;
import snapferry.fuse.MountSettings;
import snapferry.track.Tracker;

/**
 * Serves a tracked volume until somebody unmounts it or ends the process. When it cannot be served
 * any more, nothing is closed: threads may still write, and only the end of the process makes sure
 * that they do not. To the next tracker that looks like an unclean stop.
 */
final class Track implements Task {
  private static final long BUSY_PAUSE_SECONDS = 1;

  private final Tracker.Settings settings;
  private final MountSettings mount;
  private final Interruption interruption;

  Track(Tracker.Settings settings, MountSettings mount, Interruption interruption) {
    this.settings = settings;
    this.mount = mount;
    this.interruption = interruption;
  }

  @Override
  public ExitCode run(Report report) throws IOException {
    Tracker tracker = Tracker.open(settings, report);
    FuseServer server = serve(tracker, report);
    interruption.watchPatiently(() -> unmount(server, report));
    report.announce(
        "ready",
        "%s %s %s, in regions of %d KiB"
            .formatted(
                settings.volume(),
                server.tookOver() ? "is shown again at" : "is shown at",
                settings.mountpoint().resolve(settings.name()),
                tracker.regionBytes() >> 10));
    server.run();
    tracker.close();
    return ExitCode.DONE;
  }

  private FuseServer serve(Tracker tracker, Report report) throws IOException {
    try {
      return FuseServer.open(mount, List.of(tracker.file()), report);
    } catch (IOException e) {
      tracker.close();
      throw e;
    }
  }

  /** Who uses the mount goes on being served: to leave would hang them. */
  private void unmount(FuseServer server, Report report) {
    boolean told = false;
    while (true) {
      try {
        server.close();
        return;
      } catch (Failure e) {
        if (e.exit() != ExitCode.BUSY) {
          report.warn(String.valueOf(e.getMessage()));
          return;
        }
        if (!told) {
          report.warn(e.getMessage() + ". It is served until it is in use no more");
          told = true;
        }
      } catch (IOException e) {
        report.warn("cannot unmount " + settings.mountpoint() + ": " + e.getMessage());
        return;
      }
      try {
        TimeUnit.SECONDS.sleep(BUSY_PAUSE_SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
