package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.ErrorMessage;
import snapferry.wire.Frames;
import snapferry.wire.Heartbeat;
import snapferry.wire.Message;
import snapferry.wire.Preface;

/**
 * The line to the other end: counts bytes, keeps the rate limit, watches the deadline from the
 * first byte on and sends heartbeats from the preface on. Whatever breaks it first is what
 * everybody who uses it gets told.
 *
 * <p>The other end is dead when we wait for it and nothing comes for the length of the timeout.
 * That we ourselves are busy, or that it makes us wait while it sends heartbeats, is no reason to
 * hang up.
 */
public final class Line implements Closeable {
  private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long TICK_MILLIS = 200;
  private static final int SLICE = 64 << 10;

  /** How long to look for the other end's last words when writing to it fails. */
  private static final long LAST_WORDS_SECONDS = 3;

  private final Ends ends;
  private final RateLimit limit;
  private final ReentrantLock writing = new ReentrantLock();
  private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile long timeoutNanos;
  private volatile long waitingSince;
  private volatile boolean waiting;
  private volatile long lastSent = System.nanoTime();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private volatile boolean greeted;
  private volatile boolean closed;

  /** Whether last words were said. Guarded by {@link #writing}. */
  private boolean parted;

  /**
   * Takes the line into use: the deadline starts now.
   *
   * @param timeoutSeconds after how much silence the other end counts as dead
   * @param bytesPerSecond most bytes to send in a second; 0 for no limit
   */
  public Line(Ends ends, int timeoutSeconds, long bytesPerSecond) {
    this.ends = ends;
    this.limit = new RateLimit(bytesPerSecond);
    this.timeoutNanos = TimeUnit.SECONDS.toNanos(timeoutSeconds);
    start("snapferry-heartbeat", this::heartbeat);
    start("snapferry-deadline", this::watch);
  }

  private void start(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Both ends have said their wish: from now on this is the timeout. */
  void timeout(int seconds) {
    timeoutNanos = TimeUnit.SECONDS.toNanos(seconds);
  }

  /** Bytes written to the line. */
  long sent() {
    return sent.get();
  }

  /** Bytes read from the line. */
  long received() {
    return received.get();
  }

  /** What comes in, counted and watched. For one reader. */
  ReadableByteChannel incoming() {
    return new ReadableByteChannel() {
      @Override
      public int read(ByteBuffer into) throws IOException {
        waitingSince = System.nanoTime();
        waiting = true;
        try {
          int count = ends.in().read(into);
          received.addAndGet(Math.max(0, count));
          return count;
        } finally {
          waiting = false;
        }
      }

      @Override
      public boolean isOpen() {
        return !closed;
      }

      @Override
      public void close() {}
    };
  }

  /** Sends the preface, which comes before the first frame, a heartbeat included. */
  void greet() throws Failure {
    ByteBuffer preface = ByteBuffer.allocate(Preface.LENGTH);
    Preface.write(preface);
    send(preface.flip());
    greeted = true;
  }

  /** Sends one message. */
  void send(Message message) throws Failure {
    ByteBuffer frame = ByteBuffer.allocate(message.type().maxFrame());
    Frames.encode(message, frame);
    send(frame.flip());
  }

  /**
   * Sends whole frames, from the position of {@code frames} to its limit.
   *
   * @throws Failure what broke the line: the other end's own words if it said any
   */
  void send(ByteBuffer frames) throws Failure {
    writing.lock();
    try {
      requireNotParted();
      int end = frames.limit();
      while (frames.position() < end) {
        frames.limit(
            Math.min(end, frames.position() + limit.slice(SLICE, end - frames.position())));
        limit.await(frames.remaining());
        while (frames.hasRemaining()) {
          int count = ends.out().write(frames);
          sent.addAndGet(count);
          lastSent = System.nanoTime();
        }
        frames.limit(end);
      }
    } catch (IOException e) {
      throw lastWords(
          new Failure(ExitCode.TRANSPORT, "writing to the other end failed: " + e.getMessage(), e));
    } finally {
      writing.unlock();
    }
  }

  /** Last words are the last. */
  private void requireNotParted() throws Failure {
    Failure cause = failure.get();
    if (parted && cause != null) {
      throw cause;
    }
  }

  /**
   * A write fails as soon as the other end is gone, but why it went may still be on its way to us.
   */
  private Failure lastWords(Failure mine) {
    try {
      if (over.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS)) {
        Failure first = failure.get();
        return first == null ? mine : first;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return mine;
  }

  /**
   * Ends the line because of {@code cause}; the first cause stays. Wakes up everybody who is
   * blocked on the line.
   */
  void fail(Failure cause) {
    failure.compareAndSet(null, cause);
    over.countDown();
    cut();
  }

  /** What broke the line, or {@code otherwise}. */
  Failure failure(Failure otherwise) {
    Failure first = failure.get();
    return first == null ? otherwise : first;
  }

  /** Tells the other end why this one gives up, if the line still carries it, and hangs up. */
  void sayGoodbye(Failure cause) {
    failure.compareAndSet(null, cause);
    Thread speaker =
        new Thread(
            () -> {
              writing.lock();
              try {
                if (!greeted) {
                  greet();
                }
                send(new ErrorMessage(cause.exit(), String.valueOf(cause.getMessage())));
                parted = true;
              } catch (Failure e) {
                // The line is gone: the other end will see that for itself.
              } finally {
                writing.unlock();
              }
            },
            "snapferry-goodbye");
    speaker.setDaemon(true);
    speaker.start();
    try {
      speaker.join(TimeUnit.SECONDS.toMillis(LAST_WORDS_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void heartbeat() {
    while (pause()) {
      boolean quiet = System.nanoTime() - lastSent > HEARTBEAT_NANOS;
      if (greeted && quiet && writing.tryLock()) {
        try {
          send(new Heartbeat());
        } catch (Failure e) {
          return;
        } finally {
          writing.unlock();
        }
      }
    }
  }

  private void watch() {
    while (pause()) {
      long timeout = timeoutNanos;
      if (waiting && System.nanoTime() - waitingSince > timeout) {
        fail(
            new Failure(
                ExitCode.TRANSPORT,
                "nothing was heard from the other end for "
                    + TimeUnit.NANOSECONDS.toSeconds(timeout)
                    + " seconds"));
      }
    }
  }

  /** Waits for a tick; false when the line is over. */
  private boolean pause() {
    try {
      return !over.await(TICK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void cut() {
    closed = true;
    try {
      ends.cut().close();
    } catch (IOException e) {
      // It is cut either way.
    }
  }

  /** Hangs up. */
  @Override
  public void close() {
    over.countDown();
    cut();
  }
}
