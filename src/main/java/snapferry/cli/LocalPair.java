package snapferry.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.replicate.Ends;
import snapferry.replicate.LocalSourcePlace;
import snapferry.replicate.Monitor;
import snapferry.replicate.Session;
import snapferry.replicate.Summary;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** Both ends in this process: the source drives, and the standby is served on a thread. */
final class LocalPair {
  private static final int LAST_SECONDS = 5;

  private final Path source;
  private final LocalSourcePlace place;
  private final Path target;
  private final Path stateRoot;
  private final Keeping keeping;
  private final @Nullable UUID promotedFrom;
  private final Session.Settings settings;

  /**
   * @param promotedFrom if it is not null, {@code target} must be the source of that volume
   */
  LocalPair(
      Path source,
      LocalSourcePlace place,
      Path target,
      Path stateRoot,
      Keeping keeping,
      @Nullable UUID promotedFrom,
      Session.Settings settings) {
    this.source = source;
    this.place = place;
    this.target = target;
    this.stateRoot = stateRoot;
    this.keeping = keeping;
    this.promotedFrom = promotedFrom;
    this.settings = settings;
  }

  Summary run(Purpose purpose, Wishes wishes, Monitor monitor, Interruption interruption)
      throws IOException {
    if (Files.exists(source) && Files.exists(target) && Files.isSameFile(source, target)) {
      throw new Failure(ExitCode.USAGE, source + " and " + target + " are the same volume");
    }
    Ends[] ends = Ends.pair();
    Monitor farMonitor = new FarMonitor(monitor);
    try (ServedVolumes volumes =
            ServedVolumes.only(target, stateRoot, keeping, promotedFrom, farMonitor);
        Session far = new Session(ends[1], settings, farMonitor)) {
      FutureTask<Summary> served = new FutureTask<>(() -> far.serve(volumes));
      Thread thread = new Thread(served, "snapferry-standby");
      thread.setDaemon(true);
      thread.start();
      try (Session near = new Session(ends[0], settings, monitor)) {
        interruption.watch(near);
        return near.push("", place, purpose, wishes);
      } catch (Failure e) {
        throw original(e, end(served));
      } finally {
        end(served);
      }
    }
  }

  /** Waits until the standby's end is over; gives its failure, or null if it has none. */
  private static @Nullable Failure end(FutureTask<Summary> served) {
    try {
      served.get(LAST_SECONDS, TimeUnit.SECONDS);
      return null;
    } catch (ExecutionException e) {
      return e.getCause() instanceof Failure failure ? failure : null;
    } catch (TimeoutException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** The one of two failures that the other quotes. */
  private static Failure original(Failure near, @Nullable Failure far) {
    if (far == null) {
      return near;
    }
    boolean quotes = String.valueOf(near.getMessage()).endsWith(String.valueOf(far.getMessage()));
    return quotes ? far : near;
  }

  /** Of the phases, passes on those that only the standby has. */
  private static final class FarMonitor implements Monitor {
    private final Monitor monitor;
    private volatile boolean own;

    FarMonitor(Monitor monitor) {
      this.monitor = monitor;
    }

    @Override
    public void phase(Phase phase) {
      own = phase == Phase.RECOVERING || phase == Phase.APPLYING;
      if (own) {
        monitor.phase(phase);
      }
    }

    @Override
    public void progress(long done, long total) {
      if (own) {
        monitor.progress(done, total);
      }
    }

    @Override
    public void note(String text) {
      monitor.note(text);
    }

    @Override
    public void warn(String text) {
      monitor.warn(text);
    }
  }
}
