package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import snapferry.device.BlockDevice;
import snapferry.device.CacheUse;
import snapferry.device.DeviceView;

/**
 * A snapshot that several runs read: gone when all are through with it who came, and nobody is on
 * the way to it any more.
 */
final class SharedSnapshot {
  private final Snapshot snapshot;
  private final long taken;
  private final Audience audience;
  private final Gathering gathering;
  private final SharedReading reading;
  private final Set<Object> expected;
  private int users;
  private boolean closed;

  /**
   * @param taken when the taking began, by {@link System#nanoTime}
   * @param audience hears what is to be said of it
   * @param expected who is on the way to it
   * @param patience how long the reading waits for them
   */
  SharedSnapshot(
      Snapshot snapshot, long taken, Audience audience, Collection<?> expected, Duration patience) {
    this.snapshot = snapshot;
    this.taken = taken;
    this.audience = audience;
    this.expected = new HashSet<>(expected);
    this.gathering = new Gathering(expected, patience);
    this.reading = new SharedReading(snapshot.isFrozen());
  }

  /** Whether it shows the volume as it was at {@code moment} or later. */
  boolean isSince(long moment) {
    return taken - moment >= 0;
  }

  /** One more is on the way to it. */
  synchronized void expect(Object who) {
    if (!closed) {
      expected.add(who);
    }
  }

  /**
   * One has come: the snapshot, to be closed by the run that it is for. Null if it is gone.
   *
   * @param monitor of that run
   */
  synchronized @Nullable Snapshot join(Object who, Monitor monitor) {
    if (closed) {
      return null;
    }
    expected.remove(who);
    users++;
    audience.add(monitor);
    return new Part(who, monitor);
  }

  /** Whether all are through with it. */
  synchronized boolean isGone() {
    return closed;
  }

  /** One who was on the way will not come. */
  void leave(Object who) {
    gathering.arrived(who);
    giveUp(() -> expected.remove(who));
  }

  /** There is a newer one, to which all go who are on their way. */
  void outdated() {
    gathering.end();
    giveUp(expected::clear);
  }

  private void giveUp(Runnable change) {
    try {
      closeAfter(change);
    } catch (IOException e) {
      audience.warn("a snapshot is not removed: " + e.getMessage());
    }
  }

  /** Closes it if nobody needs it any more, once {@code change} is made. */
  private void closeAfter(Runnable change) throws IOException {
    synchronized (this) {
      change.run();
      if (closed || users > 0 || !expected.isEmpty()) {
        return;
      }
      closed = true;
    }
    snapshot.close();
  }

  /** What one run has of it. */
  private final class Part extends ForwardingSnapshot {
    private final Object who;
    private final Monitor monitor;
    private boolean left;

    Part(Object who, Monitor monitor) {
      super(snapshot);
      this.who = who;
      this.monitor = monitor;
    }

    @Override
    public BlockDevice open(@Nullable CacheUse cache) throws IOException {
      return new Gathered(reading.by(super.open(cache)), who, monitor);
    }

    @Override
    public void keep(StandbyEpoch basis, StandbyEpoch next, Monitor hears) throws IOException {
      gathering.arrived(who); // There may have been nothing to read.
      super.keep(basis, next, hears);
    }

    @Override
    public void close() throws IOException {
      gathering.arrived(who);
      audience.remove(monitor);
      if (!left) {
        left = true;
        closeAfter(() -> users--);
      }
    }
  }

  /** Begins to read when the others do, so that one reading does for all. */
  private final class Gathered extends DeviceView {
    private final SharedReading.Reads reads;
    private final Object who;
    private final Monitor monitor;
    private volatile boolean begun;

    Gathered(SharedReading.Reads reads, Object who, Monitor monitor) {
      super(reads);
      this.reads = reads;
      this.who = who;
      this.monitor = monitor;
    }

    @Override
    public void read(long offset, ByteBuffer destination) throws IOException {
      if (!begun) {
        gathering.arrived(who);
        gathering.await();
        begun = true;
      }
      super.read(offset, destination);
    }

    @Override
    public void close() throws IOException {
      monitor.note(
          "found %d KiB that a run to another standby had read".formatted(reads.found() >> 10));
      super.close();
    }
  }
}
