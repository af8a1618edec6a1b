package snapferry.replicate;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/**
 * Runs of one volume to its standbys, in one process, that want the same kind of snapshot: one is
 * taken for all that are about to read.
 *
 * <pre>
 *  a, b, c begin    on their way: each connects to its standby
 *  a takes          a snapshot is taken
 *  b takes          b joins it, whenever it comes
 *  a, b close       it stays: c may still come
 *  c ends           it goes
 * </pre>
 *
 * <p>A snapshot is for whoever was due before it was taken, and for nobody who was due later: next
 * to a run that goes on for hours, another standby gets no volume of hours ago. While it is the
 * newest, it stays for those who have begun and not come to it yet. Nobody waits for a standby that
 * does not answer, but for a moment before the reading ({@link Gathering}).
 */
public final class SnapshotGroup {
  private final Duration patience;
  private final Set<Member> onTheirWay = new HashSet<>();
  private @Nullable SharedSnapshot newest;
  private @Nullable Failure failure;
  private long failed;

  public SnapshotGroup() {
    this(Gathering.PATIENCE);
  }

  /**
   * @param patience how long a reading waits for others to begin with it
   */
  SnapshotGroup(Duration patience) {
    this.patience = patience;
  }

  /** Takes snapshots, and tells an audience. */
  public interface Taking {
    Snapshots heardBy(Monitor audience);
  }

  /**
   * A run begins.
   *
   * @param since when it was due, by {@link System#nanoTime}
   */
  public synchronized Member begin(long since) {
    Member member = new Member(since);
    onTheirWay.add(member);
    if (newest != null && newest.isSince(since)) {
      newest.expect(member);
    }
    return member;
  }

  private synchronized @Nullable Snapshot join(Member member, Monitor monitor, long asked)
      throws Failure {
    if (failure != null && failed - asked > 0) {
      throw new Failure(failure.exit(), String.valueOf(failure.getMessage()), failure);
    }
    @Nullable SharedSnapshot there = newest;
    @Nullable Snapshot part =
        there != null && there.isSince(member.since) ? there.join(member, monitor) : null;
    if (part != null) {
      onTheirWay.remove(member);
    }
    return part;
  }

  private synchronized void failed(Failure cause) {
    if (cause.exit() != ExitCode.INTERRUPTED) {
      failure = cause;
      failed = System.nanoTime();
    }
  }

  private Set<Member> expected(long taken) {
    Set<Member> expected = new HashSet<>(onTheirWay);
    expected.removeIf(each -> taken - each.since < 0);
    return expected;
  }

  /** The memory of a reading that is over is not to last until the next. */
  private synchronized void forgetIfGone(SharedSnapshot there) {
    if (newest == there && there.isGone()) {
      newest = null;
    }
  }

  /** One of the runs. */
  public final class Member {
    private final long since;

    private Member(long since) {
      this.since = since;
    }

    /**
     * The snapshot for this run: the one that is there, or one that is taken now. One at a time.
     *
     * @param asked when this run began to wait for its turn: what failed meanwhile, failed for it
     *     too
     */
    public Snapshot take(Path source, Taking taking, Monitor monitor, long asked)
        throws IOException {
      @Nullable Snapshot there = join(this, monitor, asked);
      if (there != null) {
        monitor.note("shares what a run to another standby reads");
        return there;
      }
      Audience audience = new Audience();
      audience.add(monitor);
      long now = System.nanoTime();
      Snapshot taken;
      try {
        taken = taking.heardBy(audience).take(source);
      } catch (IOException e) {
        failed(Session.asFailure(e));
        throw e;
      }
      SharedSnapshot shared;
      @Nullable SharedSnapshot before;
      synchronized (SnapshotGroup.this) {
        before = newest;
        shared = new SharedSnapshot(taken, now, audience, expected(now), patience);
        newest = shared;
        onTheirWay.remove(this);
      }
      Snapshot part = Objects.requireNonNull(shared.join(this, monitor), "it waits for this run");
      if (before != null) {
        before.outdated();
      }
      return part;
    }

    /** The run is over, however it went. */
    public void end() {
      @Nullable SharedSnapshot there;
      synchronized (SnapshotGroup.this) {
        onTheirWay.remove(this);
        there = newest;
      }
      if (there != null) {
        there.leave(this);
        forgetIfGone(there);
      }
    }
  }
}
