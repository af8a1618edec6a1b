package snapferry.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import snapferry.failure.Failure;
import snapferry.replicate.ForwardingSnapshot;
import snapferry.replicate.LocalSourcePlace;
import snapferry.replicate.Monitor;
import snapferry.replicate.Snapshot;
import snapferry.replicate.SnapshotGroup;
import snapferry.replicate.Snapshots;
import snapferry.replicate.SourceReading;
import snapferry.replicate.StandbyEpoch;

/**
 * Runs of one source to several standbys share a snapshot ({@link SnapshotGroup}), or take theirs
 * one after another, because the hooks around them do not bear company: what is frozen cannot be
 * frozen. And as long as nothing is on record of a source, one run goes ahead: it decides who the
 * volume is.
 */
final class SnapshotTurns {
  private static final long PAUSE_MILLIS = 50;

  private final Path stateRoot;
  private final Map<Path, Lock> turns = new ConcurrentHashMap<>();
  private final Map<Path, Turn> ahead = new ConcurrentHashMap<>();
  private final Map<Object, SnapshotGroup> groups = new ConcurrentHashMap<>();

  /**
   * @param stateRoot where what is remembered of sources is kept
   */
  SnapshotTurns(Path stateRoot) {
    this.stateRoot = stateRoot;
  }

  private boolean isKnown(Path source) throws IOException {
    try (LocalSourcePlace place =
        new LocalSourcePlace(
            source, stateRoot, Snapshots.NONE, SourceReading.DEFAULT, Monitor.SILENT)) {
      return Files.exists(source) && place.isKnown();
    }
  }

  /**
   * What one run needs to stand in line.
   *
   * @param company of runs that share their snapshots; null for a run that takes its own
   * @param since when the run was due
   */
  Turn turn(@Nullable Object company, long since) {
    return new Turn(
        company == null
            ? null
            : groups.computeIfAbsent(company, each -> new SnapshotGroup()).begin(since));
  }

  /** One run, and whom its source takes the standby for. */
  final class Turn implements SnapshotsWrapping, AutoCloseable {
    private final SnapshotGroup.@Nullable Member member;
    private volatile @Nullable UUID standby;

    private Turn(SnapshotGroup.@Nullable Member member) {
      this.member = member;
    }

    /** The standby that acknowledged the epoch; null while none did. */
    @Nullable UUID standby() {
      return standby;
    }

    @Override
    public Snapshots around(SnapshotGroup.Taking taking, Monitor monitor) {
      return source -> {
        awaitKnown(source);
        long asked = System.nanoTime();
        Lock turn = turns.computeIfAbsent(source, each -> new ReentrantLock());
        turn.lock();
        try {
          return new Heard(
              member == null
                  ? taking.heardBy(monitor).take(source)
                  : member.take(source, taking, monitor, asked));
        } finally {
          turn.unlock();
        }
      };
    }

    /** Returns when the volume is known, or it is up to this run to make it so. */
    private void awaitKnown(Path source) throws IOException {
      try {
        while (!isKnown(source) && ahead.putIfAbsent(source, this) != null) {
          Thread.sleep(PAUSE_MILLIS);
        }
      } catch (InterruptedException e) {
        throw Failure.interrupted(e);
      }
    }

    /** The run is over. */
    @Override
    public void close() {
      ahead.values().removeIf(each -> each == this);
      if (member != null) {
        member.end();
      }
    }

    /** A snapshot that tells who acknowledged its epoch. */
    private final class Heard extends ForwardingSnapshot {
      Heard(Snapshot snapshot) {
        super(snapshot);
      }

      @Override
      public void acknowledged(StandbyEpoch now, Monitor monitor) throws IOException {
        standby = now.standby();
        super.acknowledged(now, monitor);
      }
    }
  }
}
