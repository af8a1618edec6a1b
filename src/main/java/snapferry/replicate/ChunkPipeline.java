package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import snapferry.change.BlockSpans;

/**
 * Walks a volume with several workers and hands their results to one consumer in the order of the
 * volume.
 *
 * <pre>
 *  BlockSpans ──▶ worker ─┐  ring of slots, one chunk each
 *             ──▶ worker ─┴─▶ [ 4 | 5 | 2 | 3 ] ──▶ consumer: 2, 3, 4, …
 * </pre>
 *
 * <p>A worker takes the next chunk and does everything with it that needs no order: read, hash,
 * compare, compress; so the bytes stay in its core's cache, and all cores are busy although the
 * consumer sees an ordered stream. Slots are allocated once, when they are first needed: a run that
 * reads little does not pay for the rest; memory is slots × chunk, whatever the volume's size. The
 * first failure in the order of the volume is the one that the consumer gets, so that a bad sector
 * is named the same in every run.
 *
 * @param <S> a slot: what a worker fills and the consumer empties
 */
final class ChunkPipeline<S> implements Closeable {
  /** Two cores read and hash; with more the line or the disk is the limit. */
  static final int WORKERS = Math.max(2, Math.min(4, Runtime.getRuntime().availableProcessors()));

  /** What a worker does with a chunk. Made once per worker, so it may own scratch buffers. */
  interface Work<S> {
    /** Fills {@code slot} with what comes of a chunk that is to be read. */
    void fill(BlockSpans.Run chunk, S slot) throws IOException;
  }

  /** What becomes of filled slots, in order. */
  interface Consumer<S> {
    /**
     * Takes a chunk.
     *
     * @param slot what the worker made of it; null of a run that was not to be read
     */
    void consume(BlockSpans.Run chunk, @Nullable S slot) throws IOException;
  }

  private enum Status {
    FREE,
    FILLING,
    READY
  }

  private final class Place {
    @Nullable S slot;
    Status status = Status.FREE;
    BlockSpans.@Nullable Run chunk;
    @Nullable Throwable failure;

    /** What was filled; null if there was nothing to fill. */
    @Nullable S filled(BlockSpans.Run run) {
      return run.kind().isRead() ? slot : null;
    }
  }

  private final BlockSpans spans;
  private final int chunkBlocks;
  private final Supplier<S> slots;
  private final Supplier<Work<S>> works;
  private final List<Place> ring = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Object lock = new Object();
  private long taken;
  private boolean exhausted;
  private boolean closed;

  /**
   * Starts the workers.
   *
   * @param chunkBlocks most blocks that a worker reads at a time
   */
  ChunkPipeline(BlockSpans spans, int chunkBlocks, Supplier<S> slots, Supplier<Work<S>> works) {
    this.spans = spans;
    this.chunkBlocks = chunkBlocks;
    this.slots = slots;
    this.works = works;
    for (int i = 0; i < WORKERS + 2; i++) {
      ring.add(new Place());
    }
    for (int i = 0; i < WORKERS; i++) {
      Thread thread = new Thread(this::work, "snapferry-reader-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  /** Consumes all chunks in order; returns after the last. */
  void drain(Consumer<S> consumer) throws IOException {
    for (long ticket = 0; ; ticket++) {
      Place place = ring.get((int) (ticket % ring.size()));
      synchronized (lock) {
        while (place.status != Status.READY && !(exhausted && ticket >= taken)) {
          try {
            lock.wait();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
          }
        }
        if (place.status != Status.READY) {
          return;
        }
      }
      if (place.failure != null) {
        throw asIoException(place.failure);
      }
      if (place.chunk != null) {
        consumer.consume(place.chunk, place.filled(place.chunk));
      }
      synchronized (lock) {
        place.status = Status.FREE;
        lock.notifyAll();
      }
    }
  }

  private void work() {
    @Nullable Work<S> work = null;
    while (true) {
      Place place;
      synchronized (lock) {
        while (!closed
            && !exhausted
            && ring.get((int) (taken % ring.size())).status != Status.FREE) {
          try {
            lock.wait();
          } catch (InterruptedException e) {
            return;
          }
        }
        if (closed || exhausted) {
          return;
        }
        place = ring.get((int) (taken % ring.size()));
        place.failure = null;
        place.chunk = null;
        try {
          place.chunk = spans.next(chunkBlocks);
          exhausted = place.chunk == null;
        } catch (IOException | RuntimeException | Error e) {
          place.failure = e;
          exhausted = true;
        }
        if (exhausted && place.failure == null) {
          lock.notifyAll();
          return;
        }
        taken++;
        place.status = Status.FILLING;
      }
      BlockSpans.@Nullable Run chunk = place.chunk;
      if (chunk != null && chunk.kind().isRead()) {
        try {
          work = work == null ? works.get() : work;
          fill(work, chunk, place);
        } catch (IOException | RuntimeException | Error e) {
          place.failure = e;
        }
      }
      synchronized (lock) {
        exhausted |= place.failure != null;
        place.status = Status.READY;
        lock.notifyAll();
      }
    }
  }

  private void fill(Work<S> work, BlockSpans.Run chunk, Place place) throws IOException {
    @Nullable S slot = place.slot;
    if (slot == null) {
      slot = slots.get();
      place.slot = slot;
    }
    work.fill(chunk, slot);
  }

  private static IOException asIoException(Throwable failure) {
    return failure instanceof IOException io
        ? io
        : new IOException("reading failed: " + failure, failure);
  }

  /**
   * Stops the workers and waits for them, also when interrupted, so that what they read from may be
   * closed. One that still waits or reads is interrupted: the run is over, and the channel that
   * this closes is not needed any more.
   */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      thread.interrupt();
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
