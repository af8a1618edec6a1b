package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.ErrorMessage;
import snapferry.wire.Frame;
import snapferry.wire.FrameType;
import snapferry.wire.Heartbeat;
import snapferry.wire.Role;

/** Heartbeats, the deadline, and who gets told what when the line breaks. */
@NullMarked
@Timeout(20)
class LineTest {
  /** More than a pipe holds. */
  private static final int PLENTY = 4 << 20;

  private final Failure otherwise = new Failure(ExitCode.FAILED, "nothing broke the line");

  private final Ends[] ends;
  private final Peer peer;

  LineTest() throws IOException {
    ends = Ends.pair();
    peer = new Peer(ends[1]);
  }

  @AfterEach
  void hangUp() throws IOException {
    peer.close();
    ends[0].cut().close();
  }

  @Test
  void aQuietLineIsKeptUpByHeartbeats() throws IOException {
    try (Line line = new Line(ends[0], 10, 0)) {
      line.greet();
      peer.hearPreface();
      assertThat(heard().type()).isEqualTo(FrameType.HEARTBEAT);
    }
  }

  @Test
  void nothingIsSentBeforeThePreface() throws Exception {
    try (Line line = new Line(ends[0], 10, 0)) {
      TimeUnit.MILLISECONDS.sleep(1500);
      assertThat(line.sent()).isZero();
      line.greet();
      line.send(Peer.hello(Role.RECEIVER));
      peer.hearPreface();
      assertThat(heard().type()).isEqualTo(FrameType.HELLO);
    }
  }

  @Test
  void lastWordsBeforeTheFirstComeAfterThePreface() throws IOException {
    try (Line line = new Line(ends[0], 10, 0)) {
      Failure cause = new Failure(ExitCode.PROTOCOL, "what was that?");
      line.sayGoodbye(cause);
      peer.hearPreface();
      assertThat(heard().message())
          .isEqualTo(new ErrorMessage(ExitCode.PROTOCOL, "what was that?"));
    }
  }

  @Test
  void whatGoesOutAndComesInIsCounted() throws IOException {
    try (Line line = new Line(ends[0], 10, 0)) {
      ByteBuffer frame = Peer.frame(Peer.hello(Role.SENDER));
      int length = frame.remaining();
      line.send(frame);
      assertThat(line.sent()).isEqualTo(length);
      peer.raw(ByteBuffer.allocate(1000));
      ByteBuffer in = ByteBuffer.allocate(1000);
      while (in.hasRemaining()) {
        line.incoming().read(in);
      }
      assertThat(line.received()).isEqualTo(1000);
    }
  }

  @Test
  void aSilentPeerEndsInAFailureAlsoForWhoIsBlockedInAWrite() {
    try (Line line = new Line(ends[0], 3600, 0)) {
      new Inbox(line, Monitor.SILENT);
      line.timeout(1);
      Failure failure =
          catchThrowableOfType(Failure.class, () -> line.send(ByteBuffer.allocate(PLENTY)));
      assertThat(failure.exit()).isEqualTo(ExitCode.TRANSPORT);
      assertThat(failure)
          .hasMessageContaining("nothing was heard")
          .hasMessageContaining("1 second");
      assertThat(line.failure(otherwise)).as("what all others get").isSameAs(failure);
    }
  }

  @Test
  void aPeerThatMakesUsWaitButSendsHeartbeatsIsNotDead() throws Exception {
    try (Line line = new Line(ends[0], 1, 0)) {
      new Inbox(line, Monitor.SILENT);
      peer.greet(Role.RECEIVER);
      CompletableFuture<Void> write = write(line);
      for (int i = 0; i < 5; i++) {
        TimeUnit.MILLISECONDS.sleep(300);
        peer.say(new Heartbeat());
      }
      assertThat(write).isNotDone();
      CompletableFuture<Integer> heard = CompletableFuture.supplyAsync(this::hearPlenty);
      while (!write.isDone()) {
        peer.say(new Heartbeat());
        TimeUnit.MILLISECONDS.sleep(10);
      }
      write.join();
      line.close();
      assertThat(heard.join()).isEqualTo(PLENTY);
    }
  }

  @Test
  void thatWeDoNotListenOurselvesIsNoReasonToHangUp() throws Exception {
    try (Line line = new Line(ends[0], 1, 0)) {
      TimeUnit.MILLISECONDS.sleep(1600);
      assertThat(line.failure(otherwise)).isSameAs(otherwise);
    }
  }

  @Test
  void theWriterGetsTheLastWordsOfAPeerThatIsGone() throws IOException {
    try (Line line = new Line(ends[0], 10, 0)) {
      new Inbox(line, Monitor.SILENT);
      CompletableFuture<Void> write = write(line);
      peer.greet(Role.RECEIVER);
      peer.say(new ErrorMessage(ExitCode.BUSY, "/dev/sdb1 is mounted"));
      peer.close();
      Failure failure = failure(write);
      assertThat(failure.exit()).isEqualTo(ExitCode.BUSY);
      assertThat(failure).hasMessageContaining("/dev/sdb1 is mounted");
    }
  }

  @Test
  void theWriterGetsTheLastWordsOfAPeerThatHungUpBeforeTheyWereRead() throws IOException {
    peer.greet(Role.RECEIVER);
    peer.say(new ErrorMessage(ExitCode.SIZE, "too small"));
    peer.close();
    try (Line line = new Line(ends[0], 10, 0)) {
      CompletableFuture<Void> write = write(line);
      new Inbox(line, Monitor.SILENT);
      assertThat(failure(write).exit()).isEqualTo(ExitCode.SIZE);
    }
  }

  @Test
  void aPeerThatGoesWithoutAWordIsATransportFailure() throws IOException {
    try (Line line = new Line(ends[0], 10, 0)) {
      new Inbox(line, Monitor.SILENT);
      CompletableFuture<Void> write = write(line);
      peer.greet(Role.RECEIVER);
      peer.close();
      assertThat(failure(write).exit()).isEqualTo(ExitCode.TRANSPORT);
    }
  }

  @Test
  void theFirstCauseIsWhatEverybodyIsTold() {
    try (Line line = new Line(ends[0], 10, 0)) {
      CompletableFuture<Void> write = write(line);
      Failure first = new Failure(ExitCode.INTERRUPTED, "ended by SIGTERM");
      line.fail(first);
      line.fail(new Failure(ExitCode.TRANSPORT, "and then it broke"));
      assertThat(failure(write)).isSameAs(first);
      assertThat(line.failure(otherwise)).isSameAs(first);
    }
  }

  @Test
  void whoSaysGoodbyeToAPeerThatDoesNotReadDoesNotHang() throws IOException {
    try (Line line = new Line(ends[0], 10, 0)) {
      CompletableFuture<Void> write = write(line);
      assertThat(ends[1].in().read(ByteBuffer.allocate(1))).as("the writer has begun").isOne();
      Failure cause = new Failure(ExitCode.FAILED, "no more");
      line.sayGoodbye(cause);
      assertThat(write).isNotDone();
      assertThat(line.failure(otherwise)).isSameAs(cause);
    }
  }

  @Test
  void theRateLimitIsKept() {
    int bytesPerSecond = 1 << 20;
    CompletableFuture<Integer> heard = CompletableFuture.supplyAsync(this::hearPlenty);
    try (Line line = new Line(ends[0], 10, bytesPerSecond)) {
      long start = System.nanoTime();
      line.send(ByteBuffer.allocate(bytesPerSecond / 2));
      assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(300));
    } catch (Failure e) {
      throw new AssertionError(e);
    }
    assertThat(heard.join()).isEqualTo(bytesPerSecond / 2);
  }

  private Frame heard() throws IOException {
    return Objects.requireNonNull(peer.hear(), "the line has ended");
  }

  private int hearPlenty() {
    try {
      return peer.hearAll().length;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes more than fits, on another thread. */
  private static CompletableFuture<Void> write(Line line) {
    CompletableFuture<Void> written = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                line.send(ByteBuffer.allocate(PLENTY));
                written.complete(null);
              } catch (Failure | RuntimeException e) {
                written.completeExceptionally(e);
              }
            },
            "writer");
    thread.setDaemon(true);
    thread.start();
    return written;
  }

  private static Failure failure(CompletableFuture<Void> write) {
    Throwable thrown = write.handle((done, failure) -> failure).join();
    assertThat(thrown).isInstanceOf(Failure.class);
    return (Failure) thrown;
  }
}
