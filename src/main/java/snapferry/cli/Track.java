package snapferry.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.fuse.FuseServer;
import snapferry.fuse.MountSettings;
import snapferry.track.Tracker;

/**
 * Serves tracked volumes until somebody unmounts them or ends the process. When they cannot be
 * served any more, nothing is closed: threads may still write, and only the end of the process
 * makes sure that they do not. To the next tracker that looks like an unclean stop.
 */
final class Track implements Task {
  private static final long BUSY_PAUSE_SECONDS = 1;

  private final List<Tracker.Settings> volumes;
  private final MountSettings mount;
  private final Interruption interruption;

  /**
   * @param volumes at least one, all of them shown at one mount point; in the same order whenever a
   *     mount is taken over
   */
  Track(List<Tracker.Settings> volumes, MountSettings mount, Interruption interruption) {
    this.volumes = List.copyOf(volumes);
    this.mount = mount;
    this.interruption = interruption;
  }

  @Override
  public ExitCode run(Report report) throws IOException {
    List<Tracker> trackers = new ArrayList<>();
    FuseServer server = start(trackers, report);
    interruption.watchPatiently(() -> unmount(server, report));
    for (Tracker tracker : trackers) {
      announce(tracker, server.tookOver(), report);
    }
    server.run();
    close(trackers);
    return ExitCode.DONE;
  }

  /** All volumes are held, and shown, before the map of any is renewed. */
  private FuseServer start(List<Tracker> trackers, Report report) throws IOException {
    try {
      for (Tracker.Settings volume : volumes) {
        trackers.add(Tracker.open(volume));
      }
      FuseServer server =
          FuseServer.open(mount, trackers.stream().map(Tracker::file).toList(), report);
      try {
        for (Tracker tracker : trackers) {
          tracker.begin(report);
        }
        return server;
      } catch (IOException e) {
        server.abandon();
        throw e;
      }
    } catch (IOException e) {
      try (Closeable all = () -> close(trackers)) {
        throw e;
      }
    }
  }

  /** Each of them, also if one before it fails. */
  private static void close(List<Tracker> trackers) throws IOException {
    if (!trackers.isEmpty()) {
      try (Tracker first = trackers.get(0)) {
        close(trackers.subList(1, trackers.size()));
      }
    }
  }

  private static void announce(Tracker tracker, boolean again, Report report) {
    Tracker.Settings volume = tracker.settings();
    Path shown = volume.mountpoint().resolve(volume.name());
    report.announce(
        "ready",
        "%s %s %s, in regions of %d KiB"
            .formatted(
                volume.volume(),
                again ? "is shown again at" : "is shown at",
                shown,
                tracker.regionBytes() >> 10));
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
        report.warn("cannot unmount " + mount.mountpoint() + ": " + e.getMessage());
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
