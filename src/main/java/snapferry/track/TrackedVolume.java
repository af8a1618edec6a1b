package snapferry.track;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import snapferry.codec.LittleEndian;
import snapferry.device.BlockDevice;
import snapferry.device.StateDirectory;
import snapferry.device.Storage;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.fuse.ServedFile;

/**
 * A volume whose writes are marked before they are made.
 *
 * <pre>
 *  write ─▶ gate ─▶ marked durably ─▶ preserved, if it is frozen ─▶ device ─▶ gate
 *  rotate ─▶ generation on record ─▶ gate shut: nobody inside ─▶ it begins, and the volume is frozen ─▶ gate open
 * </pre>
 *
 * <p>So no write is marked in one generation and lands after the next began: what the snapshot of a
 * generation does not hold, is marked in it.
 */
final class TrackedVolume implements ServedFile, Closeable {
  /** What is zeroed in one go, so that nobody waits long for the gate. */
  private static final long ZERO_STEP = 64 << 20;

  /** What is copied away while the volume is frozen; gone with whoever holds it open. */
  private static final String STORE = "preserved";

  private static final ByteBuffer ZEROS = LittleEndian.direct(1 << 20).asReadOnlyBuffer();

  private final String name;
  private final String identity;
  private final BlockDevice device;
  private final long size;
  private final boolean writable;
  private final StateDirectory directory;
  private final WriteGate gate = new WriteGate();
  private final ReentrantReadWriteLock syncs = new ReentrantReadWriteLock();
  private @Nullable DirtyMap map;
  private volatile @Nullable FrozenVolume frozen;
  private volatile @Nullable IOException syncFailure;

  /**
   * @param name in the mount
   * @param identity of the volume, as {@link ServedFile#identity}
   * @param device opened exclusively; closed with this
   * @param directory where there is room for what is copied away
   */
  TrackedVolume(
      String name, String identity, BlockDevice device, boolean writable, StateDirectory directory)
      throws IOException {
    this.name = name;
    this.identity = identity;
    this.device = device;
    this.size = device.size();
    this.writable = writable;
    this.directory = directory;
  }

  /**
   * From now on it can be written to, once it is also served: to be called before any thread that
   * uses it is started.
   *
   * @param opened of the device; not closed with this
   */
  void begin(DirtyMap opened) {
    map = opened;
  }

  private DirtyMap map() {
    return Objects.requireNonNull(map, "not begun");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean isWritable() {
    return writable;
  }

  @Override
  public void read(long offset, ByteBuffer destination) throws IOException {
    device.read(offset, destination);
  }

  @Override
  public void write(long offset, ByteBuffer source) throws IOException {
    if (!source.hasRemaining()) {
      return;
    }
    gate.enter();
    try {
      prepare(offset, source.remaining());
      device.write(offset, source);
    } finally {
      gate.leave();
    }
  }

  /** Inside the gate, before a range changes. */
  private void prepare(long offset, long length) throws IOException {
    map().mark(offset, length);
    FrozenVolume past = frozen;
    if (past != null) {
      past.preserve(offset, length);
    }
  }

  @Override
  public void zero(long offset, long length, boolean deallocate) throws IOException {
    long step = deallocate ? ZERO_STEP : ZEROS.capacity();
    for (long at = offset; at < offset + length; at += step) {
      long count = Math.min(step, offset + length - at);
      gate.enter();
      try {
        prepare(at, count);
        if (deallocate) {
          device.zero(at, count);
        } else {
          device.write(at, ZEROS.slice(0, (int) count));
        }
      } finally {
        gate.leave();
      }
    }
  }

  /** The kernel tells of a failure once, maybe to another thread: {@link #requireDurable} waits. */
  @Override
  public void sync() throws IOException {
    syncs.readLock().lock();
    try {
      device.sync();
    } catch (IOException e) {
      syncFailure = e;
      throw e;
    } finally {
      syncs.readLock().unlock();
    }
  }

  /** Makes all durable that was written so far, and sure that no sync ever failed. */
  private void requireDurable() throws IOException {
    syncs.writeLock().lock();
    try {
      sync(); // Who has the write lock may take the read lock.
      IOException failed = syncFailure;
      if (failed != null) {
        throw new IOException(
            device.name()
                + " once failed to make writes durable ("
                + failed.getMessage()
                + "), so what it holds is not known for certain: changes are told again when the"
                + " tracker was restarted",
            failed);
      }
    } finally {
      syncs.writeLock().unlock();
    }
  }

  /** Begins a generation: gives its number. */
  synchronized long rotate() throws IOException {
    return rotate(null);
  }

  /**
   * Begins a generation, and in the same moment freezes the volume. What was written before is
   * durable when this returns: if a power cut took it back later, the volume would differ from the
   * snapshot where nothing is marked.
   */
  private long rotate(@Nullable FrozenVolume past) throws IOException {
    sync(); // Most of it, so that the second time is short.
    DirtyMap.Generation next = map().announce();
    gate.shut();
    map().begin(next);
    frozen = past == null ? frozen : past;
    gate.open();
    requireDurable();
    return next.number();
  }

  /** The volume as it is when a generation begins. */
  record Moment(long generation, FrozenVolume volume) {}

  /**
   * Begins a generation and freezes the volume as it is then, until {@link #thaw}.
   *
   * @param room most bytes to copy away; 0 for as much as there is
   * @throws Failure {@link ExitCode#LOCKED} if it is frozen already
   */
  synchronized Moment freeze(long room) throws IOException {
    if (frozen != null) {
      throw new Failure(
          ExitCode.LOCKED, "another run reads the tracker's snapshot of " + device.name());
    }
    long limit = room == 0 ? directory.usableSpace() / 2 : room;
    FrozenVolume past = new FrozenVolume(device, map().regions(), store(), limit);
    try {
      return new Moment(rotate(past), past);
    } catch (IOException e) {
      frozen = null;
      past.close();
      throw e;
    }
  }

  /** A file without a name, so that nothing is left of it however this ends. */
  private Storage store() throws IOException {
    directory.delete(STORE);
    Storage store = directory.open(STORE);
    directory.delete(STORE);
    return store;
  }

  /** Forgets what the volume was like when it was frozen. */
  synchronized void thaw(Moment moment) throws IOException {
    if (frozen == moment.volume()) {
      frozen = null;
    }
    moment.volume().close();
  }

  /** What is frozen now; null if nothing is. */
  @Nullable FrozenVolume frozen() {
    return frozen;
  }

  @Override
  public void close() throws IOException {
    device.close();
  }
}
