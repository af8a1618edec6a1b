package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import snapferry.codec.LittleEndian;
import snapferry.delta.RootHash;
import snapferry.delta.Signature;
import snapferry.device.BlockDevice;
import snapferry.device.MediumReads;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.patrol.Slice;
import snapferry.patrol.SliceOfImage;
import snapferry.wire.Patrolled;
import snapferry.wire.Resend;

/**
 * The standby's patrol in one run: reads a slice of the image while the epoch comes in, on a thread
 * of its own, and has the source send again what is not what the last epoch left there.
 *
 * <pre>
 *  tree of the signature sound? ── no ─▶ SignatureMending, before anybody relies on it
 *  image ─▶ hash = signature's? ── no ─▶ RESEND ─▶ the journal of this epoch ─▶ image
 *                sums = signature's? ── no ─▶ signature
 * </pre>
 */
final class StandbyPatrol implements Closeable {
  private static final long POLL_MILLIS = 100;

  private final Patrolling patrolling;
  private final String name;
  private final Monitor monitor;
  private final @Nullable Signature signature;

  /** Blocks that somebody who was about to change them found to be wrong, by the session's own. */
  private final NavigableSet<Long> met = new TreeSet<>();

  // Of the patrol's thread, and after it has ended of the session's.
  private final List<Long> found = new ArrayList<>();
  private @Nullable Thread thread;
  private @Nullable Throwable failure;
  private long bytesRead;
  private long wrongSums;
  private long total;

  private StandbyPatrol(
      Patrolling patrolling, String name, @Nullable Signature signature, Monitor monitor) {
    this.patrolling = patrolling;
    this.name = name;
    this.signature = signature;
    this.monitor = monitor;
  }

  /**
   * There is nothing to read: a first copy is being written.
   *
   * @param everything whether the run reads the whole image, and compares it with the source
   */
  static StandbyPatrol idle(
      Patrolling patrolling, String name, boolean everything, Monitor monitor) {
    if (everything) {
      patrolling.everything();
    }
    return new StandbyPatrol(patrolling, name, null, monitor);
  }

  /**
   * Sees to it that the signature is sound where it is about to be relied on, and begins to read
   * the slice that is due.
   *
   * @param name of the standby, for messages
   * @param store with the signature of the epoch that the image holds
   * @param root of that epoch
   * @throws Failure {@link ExitCode#INTEGRITY} if the signature cannot be made right; the next run
   *     does not rely on it
   */
  static StandbyPatrol begin(
      Patrolling patrolling,
      String name,
      BlockDevice image,
      EpochStore store,
      RootHash root,
      Monitor monitor)
      throws IOException {
    Signature signature = Objects.requireNonNull(store.signature(), "what is patrolled by");
    Slice slice = patrolling.slice();
    int mended = SignatureMending.mend(image, signature, root, slice);
    if (mended < 0) {
      store.store(Objects.requireNonNull(store.manifest(), "of that epoch").withSignature(false));
      throw new Failure(
          ExitCode.INTEGRITY,
          "patrol: the stored signature of "
              + name
              + " is damaged, and cannot be made right from the image. Nothing was written; the next"
              + " run reads the whole image and compares it with the source");
    }
    if (mended > 0) {
      monitor.warn(
          "patrol: the stored signature of "
              + name
              + " was damaged, and was made right from the image, which is as it should be");
    }
    StandbyPatrol patrol = new StandbyPatrol(patrolling, image.name(), signature, monitor);
    patrol.total = mended;
    ImageComparison comparison =
        new ImageComparison(
            new MediumReads(image),
            signature,
            new SliceOfImage(slice),
            patrol::differ,
            Monitor.SILENT);
    Thread thread = new Thread(() -> patrol.read(comparison), "snapferry-patrol");
    thread.setDaemon(true);
    thread.start();
    patrol.thread = thread;
    return patrol;
  }

  private void read(ImageComparison comparison) {
    try {
      bytesRead = comparison.run();
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
    }
  }

  private void differ(long first, long count, @Nullable ByteBuffer entry) throws IOException {
    Signature stored = signature;
    if (stored == null || entry == null) {
      throw new IllegalStateException("a slice is read as a whole");
    }
    ByteBuffer hash = LittleEndian.heap(stored.shape().hash().length());
    stored.hashes(first, 1, hash);
    if (stored.shape().hash().same(hash, 0, entry, entry.position())) {
      wrongSums++;
      stored.putEntry(first, entry);
      return;
    }
    if (found.size() == Resend.MAX_BLOCKS) {
      throw new Failure(
          ExitCode.INTEGRITY,
          "patrol: more than "
              + Resend.MAX_BLOCKS
              + " blocks of "
              + name
              + " are not what the last epoch left there. Nothing was committed; --full compares"
              + " both ends anew");
    }
    found.add(first);
  }

  /** A block that this epoch changes is not what the last one left there. */
  void met(long block) {
    met.add(block);
  }

  /**
   * Waits until the slice was read, and adds to {@code wanted} what has to come whole.
   *
   * @param inbox of the session, whose end ends the waiting
   * @throws Failure if the image could not be read
   */
  void join(Inbox inbox, Wanted wanted) throws IOException {
    Thread reading = thread;
    Signature stored = signature;
    if (reading == null || stored == null) {
      return;
    }
    try {
      while (reading.isAlive()) {
        inbox.requireOpen();
        reading.join(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      throw Failure.interrupted(e);
    }
    if (failure != null) {
      throw failure instanceof IOException io ? io : new IOException("patrol: " + failure, failure);
    }
    ByteBuffer hash = LittleEndian.heap(stored.shape().hash().length());
    for (long block : found) {
      if (!met.contains(block)) {
        stored.hashes(block, 1, hash.clear());
        wanted.add(block, hash, 0);
      }
    }
    tell(stored);
  }

  private void tell(Signature stored) {
    NavigableSet<Long> all = new TreeSet<>(met);
    all.addAll(found);
    Differences differences = new Differences(stored.shape().geometry());
    all.forEach(block -> differences.add(block, 1));
    total += differences.blocks() + wrongSums;
    if (differences.blocks() > 0) {
      monitor.warn(
          "patrol: "
              + differences.inWords()
              + " of "
              + name
              + ": not what an epoch left there, by a fault or by somebody's hand; made what the source"
              + " holds with this epoch");
    }
    if (wrongSums > 0) {
      monitor.warn(
          "patrol: the page sums of "
              + wrongSums
              + " blocks in the signature of "
              + name
              + " were wrong, and were made right from the image");
    }
  }

  /** Bytes of the image that were read. */
  long bytesRead() {
    return bytesRead;
  }

  /** What to tell the source. */
  Patrolled told() {
    return patrolling.told(bytesRead, total);
  }

  /** The image holds the new epoch, and what was wrong is right. */
  void done() {
    patrolling.done();
  }

  /** Ends the reading, also when the run failed and it goes on. */
  @Override
  public void close() throws IOException {
    Thread reading = thread;
    if (reading == null || !reading.isAlive()) {
      return;
    }
    reading.interrupt();
    try {
      reading.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    }
  }
}
