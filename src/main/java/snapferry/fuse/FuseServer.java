package snapferry.fuse;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import snapferry.device.LocalStateDirectory;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.posix.FuseDevice;
import snapferry.posix.MemoryPressure;
import snapferry.posix.PageBuffer;
import snapferry.posix.PosixException;
import snapferry.replicate.Monitor;

/**
 * Shows files in a mount and answers the kernel's requests for them.
 *
 * <pre>
 *  open ─▶ lock of the mount point's directory ─▶ take over from the holder, or mount and INIT ─▶ run
 * </pre>
 */
public final class FuseServer implements Closeable {
  private static final String SOCKET = "holder";

  /** How soon the threads have heard that a mount is gone. */
  private static final long HEARD_SECONDS = 1;

  private final MountPoint point;
  private final LocalStateDirectory place;
  private final Holder holder;
  private final Connection connection;
  private final Dispatcher dispatcher;
  private final Monitor monitor;
  private final CountDownLatch ended = new CountDownLatch(1);
  private boolean started;

  private FuseServer(
      MountPoint point,
      LocalStateDirectory place,
      Holder holder,
      Connection connection,
      Dispatcher dispatcher,
      Monitor monitor) {
    this.point = point;
    this.place = place;
    this.holder = holder;
    this.connection = connection;
    this.dispatcher = dispatcher;
    this.monitor = monitor;
  }

  /**
   * Mounts, or takes over the mount that an earlier server of the same files left behind when it
   * died. Nothing is answered before {@link #run}.
   *
   * @param files at least one, of different names; in the same order whenever the mount is taken
   *     over
   * @param monitor is told what is worth knowing, by any thread
   * @throws Failure {@link ExitCode#LOCKED} if the mount is being served already, {@link
   *     ExitCode#BUSY} if something else is mounted there, {@link ExitCode#LINEAGE} if the mount
   *     that was left behind shows other files, {@link ExitCode#USAGE} if the mount point is no
   *     empty directory
   */
  public static FuseServer open(
      MountSettings settings, List<? extends ServedFile> files, Monitor monitor)
      throws IOException {
    MountPoint point = MountPoint.of(settings.mountpoint());
    LocalStateDirectory place = lock(point, settings);
    try {
      Holder holder = new Holder(settings.runtimeDirectory().resolve(point.key()).resolve(SOCKET));
      ServedDirectory directory = new ServedDirectory(files, settings);
      Connection connection = Connection.open(point, holder, settings, files, monitor);
      Dispatcher dispatcher =
          new Dispatcher(directory, connection.state().cache(), new Complaints(monitor));
      return new FuseServer(point, place, holder, connection, dispatcher, monitor);
    } catch (IOException e) {
      place.close();
      throw e;
    }
  }

  private static LocalStateDirectory lock(MountPoint point, MountSettings settings)
      throws IOException {
    try {
      return LocalStateDirectory.open(
          settings.runtimeDirectory().toAbsolutePath().resolve(point.key()));
    } catch (Failure e) {
      throw e.exit() == ExitCode.LOCKED
          ? new Failure(ExitCode.LOCKED, point.path() + " is being served: " + e.getMessage(), e)
          : e;
    }
  }

  /** Whether the mount was there already, with whatever waits for it. */
  public boolean tookOver() {
    return connection.tookOver();
  }

  /** Whether the mount outlives this process, however that ends, and waits for the next server. */
  public boolean isHeld() {
    return connection.isHeld();
  }

  /**
   * Answers requests until the mount is gone. To be called once.
   *
   * @throws Failure if the mount was aborted or cannot be served any more. Then the process must
   *     end: only that lets the next server, or whoever waits for an answer, go on
   */
  public void run() throws IOException {
    synchronized (this) {
      started = true;
    }
    withstandMemoryPressure();
    if (connection.tookOver()) {
      resend();
    }
    BlockingQueue<Optional<Throwable>> ends = new LinkedBlockingQueue<>();
    for (FuseDevice device : connection.devices()) {
      Worker worker = new Worker(device, dispatcher);
      Thread thread = new Thread(() -> ends.add(end(worker)), "snapferry-fuse");
      thread.setDaemon(true);
      thread.start();
    }
    for (int i = 0; i < connection.devices().size(); i++) {
      Throwable cause = next(ends).orElse(null);
      if (cause != null) {
        throw abandoned(cause);
      }
    }
    release();
  }

  private static Optional<Throwable> end(Worker worker) {
    try {
      worker.run();
      return Optional.empty();
    } catch (IOException | RuntimeException | Error e) {
      return Optional.of(e);
    }
  }

  private static Optional<Throwable> next(BlockingQueue<Optional<Throwable>> ends) throws Failure {
    try {
      return ends.take();
    } catch (InterruptedException e) {
      throw Failure.interrupted(e);
    }
  }

  /**
   * A thread cannot go on, and its requests would never be answered. This process is of no use any
   * more: the next takes over from the holder, or else the mount goes with this one.
   */
  private Failure abandoned(Throwable cause) {
    ended.countDown();
    if (!connection.isHeld()) {
      try {
        Mounting.unmount(point, true);
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
    return new Failure(Failure.exitOf(cause), point.path() + ": " + cause.getMessage(), cause);
  }

  private void withstandMemoryPressure() {
    try {
      MemoryPressure.becomeFlusher();
    } catch (PosixException e) {
      monitor.note("the kernel was not told that writing back depends on us: " + e.getMessage());
    }
    try {
      MemoryPressure.lock();
    } catch (PosixException e) {
      monitor.note("memory is not locked: " + e.getMessage());
    }
  }

  /** Has the kernel hand out again what the server before had taken and not answered. */
  private void resend() {
    if (connection.state().protocol().resends()) {
      PageBuffer out = Worker.replyBuffer();
      Reply reply = new Reply(out.bytes());
      int sent = connection.devices().get(0).send(out, reply.resendNotification());
      if (sent >= 0) {
        return;
      }
      monitor.warn("FUSE_NOTIFY_RESEND failed with error " + -sent);
    }
    monitor.warn(
        "this kernel cannot hand out again what the server before had begun (Linux 6.9 or later"
            + " can): who waits for that waits until the mount is aborted"
            + " (/sys/fs/fuse/connections) and made anew");
  }

  private void release() throws IOException {
    ended.countDown();
    try {
      if (connection.isHeld()) {
        holder.end();
      }
      connection.close();
    } finally {
      place.close();
    }
  }

  /**
   * Undoes {@link #open}, instead of {@link #run}. A mount that was there already stays, with
   * whoever waits for it: it is left to the next server.
   */
  public void abandon() throws IOException {
    if (connection.tookOver()) {
      try (place) {
        connection.close();
      }
    } else {
      Mounting.unmount(point, true);
      release();
    }
  }

  /**
   * Unmounts, which ends {@link #run}; does nothing when the mount is gone. May be called by any
   * thread.
   *
   * @throws Failure {@link ExitCode#BUSY} if the mount is in use. It is still there and served; or
   *     somebody has taken it out of the tree, and those who use it are still served
   */
  @Override
  public void close() throws IOException {
    boolean gone = !Mounting.unmount(point, false);
    synchronized (this) {
      if (!started) {
        started = true;
        release();
      }
    }
    if (gone && !hasEnded()) {
      throw new Failure(
          ExitCode.BUSY,
          "the mount at "
              + point.path()
              + " was taken out of the tree (umount -l) but is still in use (losetup -a tells by"
              + " whom, perhaps)");
    }
  }

  private boolean hasEnded() throws Failure {
    try {
      return ended.await(HEARD_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw Failure.interrupted(e);
    }
  }
}
