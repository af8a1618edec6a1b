package snapferry.wire;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import snapferry.codec.LittleEndian;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/**
 * A fixed number of direct, little-endian buffers, allocated when first needed: the bound on what
 * is on its way between a reader and its workers. Safe for use by several threads.
 */
public final class BufferPool implements Closeable {
  private final int buffers;
  private final int bufferSize;
  private final Deque<ByteBuffer> idle = new ArrayDeque<>();
  private int allocated;
  private boolean closed;

  /**
   * A pool that has allocated nothing yet.
   *
   * @param buffers the most buffers there will be, at least 1
   * @param bufferSize bytes of each
   */
  public BufferPool(int buffers, int bufferSize) {
    if (buffers < 1) {
      throw new IllegalArgumentException("a pool of " + buffers + " buffers");
    }
    this.buffers = buffers;
    this.bufferSize = bufferSize;
  }

  /** Bytes of each buffer. */
  public int bufferSize() {
    return bufferSize;
  }

  /**
   * A cleared buffer; waits until there is one.
   *
   * @throws Failure {@link ExitCode#INTERRUPTED} if the pool is closed or the thread interrupted,
   *     before or meanwhile
   */
  public synchronized ByteBuffer take() throws Failure {
    while (!closed && idle.isEmpty() && allocated == buffers) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Failure(ExitCode.INTERRUPTED, "interrupted while waiting for a buffer", e);
      }
    }
    if (closed) {
      throw new Failure(ExitCode.INTERRUPTED, "no more buffers: the session is ending");
    }
    if (idle.isEmpty()) {
      idle.push(LittleEndian.direct(bufferSize));
      allocated++;
    }
    return idle.pop().clear();
  }

  /**
   * Gives back a buffer that was taken: the very object, not a view of it.
   *
   * @throws IllegalStateException if it is there already, since two takers would get it
   */
  @SuppressWarnings("ReferenceEquality") // Which object it is counts, not what it holds.
  public synchronized void give(ByteBuffer buffer) {
    for (ByteBuffer other : idle) {
      if (other == buffer) {
        throw new IllegalStateException("a buffer was given back twice");
      }
    }
    if (idle.size() == allocated) {
      throw new IllegalStateException("a buffer was given back that is not of this pool");
    }
    idle.push(buffer);
    notify();
  }

  /** Wakes up all who wait, and serves nobody any more. Buffers may still be given back. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
