package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.codec.Printable;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.BufferPool;
import snapferry.wire.ErrorMessage;
import snapferry.wire.Frame;
import snapferry.wire.FrameReader;
import snapferry.wire.FrameType;
import snapferry.wire.Heartbeat;
import snapferry.wire.Hello;
import snapferry.wire.Message;
import snapferry.wire.Note;
import snapferry.wire.Role;

/**
 * Reads the line on a thread of its own, so that the deadline holds, errors are heard at once, and
 * a signature is taken in while deltas go out. DELTA payloads wait in a bounded pool: when it is
 * empty the line is not read, and the sender waits.
 */
final class Inbox {
  /** What comes in, with the pooled payload that must be given back by {@link #done}. */
  record Incoming(Message message, @Nullable ByteBuffer payload) {}

  /**
   * Takes SIGNATURE and ZERO_SIGNATURE frames, on the reading thread. Must not wait for the line.
   */
  interface SignatureSink {
    void accept(Frame frame) throws IOException;

    /** No more will come. */
    void fail(Failure cause);
  }

  private static final int BUFFERS = 4;
  private static final long POLL_MILLIS = 100;

  /** Warnings of the other end that the operator is shown; a run of ours has a handful. */
  static final int MAX_NOTES = 1000;

  /** Wakes up whoever waits. Heartbeats from the line are never queued. */
  private static final Incoming LAST = new Incoming(new Heartbeat(), null);

  private final Line line;
  private final Monitor monitor;
  private final BufferPool pool = new BufferPool(BUFFERS, FrameType.DELTA.maxPayload());
  private final BlockingQueue<Incoming> queue = new ArrayBlockingQueue<>(64);
  private volatile @Nullable SignatureSink signatures;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Failure end;

  /** What the other end said it is, in its HELLO. Known to the reading thread alone. */
  private @Nullable Role peer;

  /** NOTEs that came. Known to the reading thread alone. */
  private int notes;

  Inbox(Line line, Monitor monitor) {
    this.line = line;
    this.monitor = monitor;
    Thread thread = new Thread(this::read, "snapferry-inbox");
    thread.setDaemon(true);
    thread.start();
  }

  /** From now on signature frames go to {@code sink}; without one they are an error. */
  void signaturesTo(SignatureSink sink) {
    signatures = sink;
    Failure cause = end;
    if (cause != null) {
      sink.fail(cause);
    }
  }

  /**
   * The next message.
   *
   * @throws Failure why there is none: the line broke, the other end gave up, or it broke the
   *     protocol
   */
  Incoming take() throws Failure {
    try {
      while (true) {
        Incoming next = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (next != null && !(next.message() instanceof Heartbeat)) {
          return next;
        }
        Failure cause = end;
        if (cause != null && queue.isEmpty()) {
          throw cause;
        }
      }
    } catch (InterruptedException e) {
      throw Failure.interrupted(e);
    }
  }

  /** The next message, which must be a {@code kind}. */
  <M extends Message> M take(Class<M> kind) throws Failure {
    Message message = take().message();
    if (!kind.isInstance(message)) {
      throw unexpected(message);
    }
    return kind.cast(message);
  }

  /**
   * For who waits for something else meanwhile.
   *
   * @throws Failure why nothing more will come
   */
  void requireOpen() throws Failure {
    Failure cause = end;
    if (cause != null) {
      throw cause;
    }
  }

  /** The failure for a message that has no place here. */
  static Failure unexpected(Message message) {
    return new Failure(ExitCode.PROTOCOL, "the other end sent " + message.type() + " out of turn");
  }

  /** The DELTA payload was used up. */
  void done(Incoming incoming) {
    if (incoming.payload() != null) {
      pool.give(incoming.payload());
    }
  }

  /** Waits until the other end hangs up, for {@code seconds} at most. */
  void awaitEnd(int seconds) {
    try {
      boolean hungUp = ended.await(seconds, TimeUnit.SECONDS);
      if (!hungUp) {
        monitor.note("the other end did not hang up within " + seconds + " seconds");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    FrameReader reader = new FrameReader(line.incoming(), pool);
    Failure cause;
    try {
      reader.preface();
      while (true) {
        Frame frame = reader.next();
        if (frame == null) {
          cause = new Failure(ExitCode.TRANSPORT, "the other end hung up");
          break;
        }
        if (!dispatch(frame)) {
          return;
        }
      }
    } catch (Failure e) {
      cause = e;
    } catch (FormatException e) {
      cause =
          new Failure(ExitCode.PROTOCOL, "the other end broke the protocol: " + e.getMessage(), e);
    } catch (IOException | RuntimeException | Error e) {
      cause = new Failure(Failure.exitOf(e), "taking in what the other end sent failed: " + e, e);
    }
    if (cause.exit() != ExitCode.TRANSPORT) {
      // It was this end that found something: the other one should end alike, and know why.
      line.sayGoodbye(cause);
    }
    finish(line.failure(cause));
  }

  /** Hands on one frame; false if it was the last. */
  private boolean dispatch(Frame frame) throws IOException {
    Role role = peer;
    if (role != null && !frame.type().sentBy(role)) {
      throw new FormatException("a " + role.label() + " that sends " + frame.type());
    }
    switch (frame.type()) {
      case HELLO -> {
        Hello hello = (Hello) frame.message();
        if (role != null) {
          throw new FormatException("a second HELLO");
        }
        peer = hello.role();
        put(new Incoming(hello, null));
      }
      case HEARTBEAT -> {}
      case SIGNATURE, ZERO_SIGNATURE -> {
        SignatureSink sink = signatures;
        if (sink == null) {
          throw new FormatException("a signature that was not asked for");
        }
        sink.accept(frame);
      }
      case ERROR -> {
        ErrorMessage error = (ErrorMessage) frame.message();
        finish(new Failure(error.exit(), "the other end: " + Printable.escape(error.text())));
        return false;
      }
      case NOTE -> note((Note) frame.message());
      case DELTA -> put(new Incoming(frame.message(), frame.payload()));
      default -> put(new Incoming(frame.message(), null));
    }
    return true;
  }

  private void note(Note note) throws FormatException {
    if (++notes > MAX_NOTES) {
      throw new FormatException("more than " + MAX_NOTES + " NOTEs");
    }
    monitor.warn("the other end: " + Printable.escape(note.text()));
  }

  private void put(Incoming incoming) throws Failure {
    try {
      queue.put(incoming);
    } catch (InterruptedException e) {
      throw Failure.interrupted(e);
    }
  }

  private void finish(Failure cause) {
    end = cause;
    ended.countDown();
    queue.offer(LAST);
    SignatureSink sink = signatures;
    if (sink != null) {
      sink.fail(cause);
    }
    line.fail(cause);
  }

  /** Wakes up the reading thread if it waits for a buffer. */
  void close() {
    pool.close();
  }
}
