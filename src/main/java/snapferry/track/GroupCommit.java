package snapferry.track;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Marks regions durably, and writers that come at the same time together: whoever finds nobody at
 * it takes all that wait, marks for them, syncs once, and wakes them; those that come meanwhile are
 * the next batch.
 *
 * <pre>
 *  writer 1  mark ─▶ leads: stamps, fdatasync ─▶ writes
 *  writer 2     mark ─▶ waits ·············┐
 *  writer 3        mark ─▶ waits ··········┴▶ one of them leads: stamps of both, fdatasync ─▶ both write
 * </pre>
 *
 * <p>A region that is marked in the present generation costs a look at a bit, without a lock. After
 * a failure nothing is ever marked again: what an fsync failed to write is not written by the next.
 */
final class GroupCommit {
  /** More writers than a mount has threads; beyond them, one waits for room. */
  private static final int MAX_WAITING = 1024;

  private final Stamps stamps;
  private long[] arriving = new long[2 * MAX_WAITING];
  private long[] leaving = new long[2 * MAX_WAITING];
  private int waiting;
  private int departed;
  private long arrivingBatch = 1;
  private long durableBatch;
  private boolean led;
  private long generation;
  private volatile RegionBits marked;
  private volatile @Nullable IOException failure;

  GroupCommit(Stamps stamps, long generation, RegionBits fresh) {
    this.stamps = stamps;
    this.generation = generation;
    this.marked = fresh;
  }

  /** From now on regions are marked with {@code next}. Only while nobody marks. */
  synchronized void begin(long next, RegionBits fresh) {
    generation = next;
    marked = fresh;
  }

  /** How many regions were marked since the generation began. */
  long count() {
    return marked.count();
  }

  /**
   * Returns when the marks of regions {@code [first, last]} are durable.
   *
   * @throws IOException if they cannot be, now or ever again
   */
  void mark(long first, long last) throws IOException {
    if (!marked.all(first, last)) {
      commit(first, last);
    }
  }

  private void commit(long first, long last) throws IOException {
    long batch = arrive(first, last);
    while (leads(batch)) {
      @Nullable IOException failed = null;
      try {
        write();
      } catch (IOException e) {
        failed = e;
      } catch (RuntimeException | Error e) {
        finish(
            new IOException("marking failed: " + e, e)); // Or those that wait would wait forever.
        throw e;
      }
      finish(failed);
      if (failed != null) {
        throw failed;
      }
    }
  }

  /** Joins the batch that is written next; gives its number. */
  private synchronized long arrive(long first, long last) throws IOException {
    requireAlive();
    while (waiting == MAX_WAITING) {
      await();
      requireAlive();
    }
    arriving[2 * waiting] = first;
    arriving[2 * waiting + 1] = last;
    waiting++;
    return arrivingBatch;
  }

  /** Whether to write the next batch: {@code batch} or the one before it. False: it is durable. */
  private synchronized boolean leads(long batch) throws IOException {
    while (durableBatch < batch) {
      requireAlive();
      if (!led) {
        led = true;
        long[] taken = arriving;
        arriving = leaving;
        leaving = taken;
        departed = waiting;
        waiting = 0;
        arrivingBatch++;
        notifyAll(); // There is room again.
        return true;
      }
      await();
    }
    return false;
  }

  private void write() throws IOException {
    for (int i = 0; i < departed; i++) {
      stamps.mark(leaving[2 * i], leaving[2 * i + 1], generation);
    }
    stamps.sync();
  }

  private synchronized void finish(@Nullable IOException failed) {
    if (failed == null) {
      for (int i = 0; i < departed; i++) {
        marked.set(leaving[2 * i], leaving[2 * i + 1]);
      }
      durableBatch = arrivingBatch - 1;
    } else {
      fail(failed);
    }
    led = false;
    notifyAll();
  }

  /** The file of the map failed: nothing that it says now is to be believed. */
  void fail(IOException cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  boolean isAlive() {
    return failure == null;
  }

  /** Refuses if the map failed. */
  void requireAlive() throws IOException {
    IOException cause = failure;
    if (cause != null) {
      throw new IOException(
          "the dirty map failed ("
              + cause.getMessage()
              + "): nothing is written that cannot be marked. Restart the tracker when its disk is"
              + " well again; what was marked before is safe",
          cause);
    }
  }

  @SuppressWarnings("WaitNotInLoop") // Every caller loops.
  private void await() throws IOException {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a region was being marked", e);
    }
  }
}
