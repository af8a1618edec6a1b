package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import snapferry.delta.RootHash;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.Ack;
import snapferry.wire.DeltaFrame;
import snapferry.wire.End;
import snapferry.wire.ErrorMessage;
import snapferry.wire.Frame;
import snapferry.wire.FrameType;
import snapferry.wire.Heartbeat;
import snapferry.wire.Hello;
import snapferry.wire.Message;
import snapferry.wire.Note;
import snapferry.wire.Presence;
import snapferry.wire.Resend;
import snapferry.wire.Role;
import snapferry.wire.State;
import snapferry.wire.Wishes;
import snapferry.wire.Zero;
import snapferry.wire.ZeroSignature;

/** What is handed on of what comes in, and why there is no more. */
@NullMarked
@Timeout(20)
class InboxTest {
  private static final int DELTA_LENGTH = 100;
  private static final Ack ACK = new Ack(1, RootHash.NONE, 2, 3, 4);
  private static final End END = new End(RootHash.NONE, 0, 0, 0, 0, 0, 0);
  private static final State STATE =
      new State(Presence.ABSENT, false, false, 512, 0, Wishes.NONE, null);
  private static final byte[] ESCAPE = {27, '[', '2', 'J'};
  private static final String CLEAR = new String(ESCAPE, StandardCharsets.US_ASCII);
  private static final String SHOWN = "\\u" + "001b[2J";

  private final Peer peer;
  private final Line line;
  private final Notes notes = new Notes();
  private final Inbox inbox;

  InboxTest() throws IOException {
    Ends[] ends = Ends.pair();
    peer = new Peer(ends[1]);
    line = new Line(ends[0], 10, 0);
    inbox = new Inbox(line, notes);
  }

  @AfterEach
  void hangUp() throws IOException {
    inbox.close();
    line.close();
    peer.close();
  }

  @Test
  void messagesComeInOrderAndHeartbeatsNotAtAll() throws IOException {
    Resend resend = new Resend(List.of(1L, 5L));
    peer.greet(Role.RECEIVER);
    for (Message message : List.of(new Heartbeat(), STATE, new Heartbeat(), resend, ACK)) {
      peer.say(message);
    }
    assertThat(inbox.take(Hello.class)).isEqualTo(Peer.hello(Role.RECEIVER));
    assertThat(inbox.take(State.class)).isEqualTo(STATE);
    assertThat(inbox.take().message()).isEqualTo(resend);
    assertThat(inbox.take().message()).isEqualTo(ACK);
  }

  @Test
  void anErrorIsTheFailureOfTheOtherEndWithItsWordsEscaped() throws IOException {
    peer.greet(Role.RECEIVER);
    peer.say(new ErrorMessage(ExitCode.BUSY, CLEAR + "mounted"));
    inbox.take(Hello.class);
    Failure failure = ended();
    assertThat(failure.exit()).isEqualTo(ExitCode.BUSY);
    assertThat(failure).hasMessage("the other end: " + SHOWN + "mounted");
    assertThat(ended()).as("asked again").isSameAs(failure);
  }

  @Test
  void whatCameBeforeAnErrorIsHandedOnBeforeIt() throws IOException {
    peer.greet(Role.RECEIVER);
    peer.say(STATE);
    peer.say(new ErrorMessage(ExitCode.BUSY, "mounted"));
    inbox.awaitEnd(10);
    inbox.take(Hello.class);
    inbox.take(State.class);
    assertThat(ended().exit()).isEqualTo(ExitCode.BUSY);
  }

  @Test
  void whatCameAfterAnErrorIsNotHeard() throws IOException {
    peer.greet(Role.RECEIVER);
    ByteBuffer both = ByteBuffer.allocate(1000);
    both.put(Peer.frame(new ErrorMessage(ExitCode.BUSY, "mounted"))).put(Peer.frame(STATE));
    peer.raw(both.flip());
    inbox.take(Hello.class);
    assertThat(ended().exit()).isEqualTo(ExitCode.BUSY);
    assertThat(ended().exit()).as("asked again").isEqualTo(ExitCode.BUSY);
  }

  @Test
  void aNoteGoesToTheOperatorEscaped() throws IOException {
    peer.greet(Role.RECEIVER);
    peer.say(new Note(CLEAR + "patrol: 1 block repaired"));
    peer.say(STATE);
    inbox.take(Hello.class);
    inbox.take(State.class);
    assertThat(notes.warnings)
        .containsExactly("the other end: " + SHOWN + "patrol: 1 block repaired");
  }

  @Test
  void aFloodOfNotesIsAProtocolFailureAndNotTheOperatorsToRead() throws IOException {
    peer.greet(Role.RECEIVER);
    for (int i = 0; i <= Inbox.MAX_NOTES; i++) {
      peer.say(new Note("nothing of interest"));
    }
    inbox.take(Hello.class);
    assertThat(ended().exit()).isEqualTo(ExitCode.PROTOCOL);
    assertThat(notes.warnings).hasSize(Inbox.MAX_NOTES);
  }

  @Test
  void theEndOfTheStreamIsATransportFailureAfterWhatCame() throws IOException {
    peer.greet(Role.RECEIVER);
    peer.say(ACK);
    peer.close();
    inbox.take(Hello.class);
    assertThat(inbox.take(Ack.class)).isEqualTo(ACK);
    Failure failure = ended();
    assertThat(failure.exit()).isEqualTo(ExitCode.TRANSPORT);
    assertThat(failure).hasMessageContaining("hung up");
  }

  @Test
  void anEndInsideAFrameIsATransportFailure() throws IOException {
    peer.greet(Role.RECEIVER);
    peer.raw(Peer.frame(ACK).limit(20));
    peer.close();
    inbox.take(Hello.class);
    assertThat(ended().exit()).isEqualTo(ExitCode.TRANSPORT);
  }

  @Test
  void aTalkativeShellIsQuoted() throws IOException {
    peer.raw(ByteBuffer.wrap("Welcome to standby!\n".getBytes(StandardCharsets.US_ASCII)));
    Failure failure = ended();
    assertThat(failure.exit()).isEqualTo(ExitCode.TRANSPORT);
    assertThat(failure).hasMessageContaining("Welcome to standby!");
  }

  @Test
  void aDamagedFrameIsAnIntegrityFailure() throws IOException {
    peer.greet(Role.RECEIVER);
    ByteBuffer frame = Peer.frame(ACK);
    peer.raw(frame.put(30, (byte) ~frame.get(30)));
    inbox.take(Hello.class);
    assertThat(ended().exit()).isEqualTo(ExitCode.INTEGRITY);
  }

  @Test
  void aFrameThatNoEncoderWritesIsAProtocolFailure() throws IOException {
    peer.greet(Role.RECEIVER);
    peer.raw(ByteBuffer.allocate(12).put(0, (byte) 99));
    inbox.take(Hello.class);
    assertBroken("unknown type 99");
  }

  @Test
  void aMessageOutOfTurnIsAProtocolFailure() throws IOException {
    peer.greet(Role.RECEIVER);
    Failure failure = catchThrowableOfType(Failure.class, () -> inbox.take(State.class));
    assertThat(failure.exit()).isEqualTo(ExitCode.PROTOCOL);
    assertThat(failure).hasMessageContaining("HELLO out of turn");
  }

  @Test
  void anEndSendsOnlyWhatItsRoleMaySend() throws IOException {
    peer.greet(Role.RECEIVER);
    peer.say(END);
    inbox.take(Hello.class);
    assertBroken("a receiver that sends END");
  }

  @Test
  void aSenderSendsNoSignature() throws IOException {
    inbox.signaturesTo(new Sink());
    peer.greet(Role.SENDER);
    peer.say(new ZeroSignature(0, 1));
    inbox.take(Hello.class);
    assertBroken("a sender that sends ZERO_SIGNATURE");
  }

  @Test
  void nobodyChangesItsRole() throws IOException {
    peer.greet(Role.RECEIVER);
    peer.say(Peer.hello(Role.SENDER));
    inbox.take(Hello.class);
    assertBroken("a second HELLO");
  }

  @Test
  void aSignatureThatNobodyAskedForIsAProtocolFailure() throws IOException {
    peer.greet(Role.RECEIVER);
    peer.say(new ZeroSignature(0, 1));
    inbox.take(Hello.class);
    assertBroken("not asked for");
  }

  @Test
  void signaturesGoToTheirSinkWhichIsToldTheEnd() throws Exception {
    Sink sink = new Sink();
    inbox.signaturesTo(sink);
    peer.greet(Role.RECEIVER);
    peer.say(new ZeroSignature(0, 7));
    peer.say(new ZeroSignature(7, 2));
    peer.say(new ErrorMessage(ExitCode.FAILED, "bad sector"));
    assertThat(sink.heard()).isEqualTo(new ZeroSignature(0, 7));
    assertThat(sink.heard()).isEqualTo(new ZeroSignature(7, 2));
    assertThat(sink.heard()).isInstanceOf(Failure.class);
  }

  @Test
  void aSinkThatFailsIsNoFaultOfTheOtherEnd() throws IOException {
    inbox.signaturesTo(
        new Inbox.SignatureSink() {
          @Override
          public void accept(Frame frame) throws IOException {
            throw new IOException("No space left on device");
          }

          @Override
          public void fail(Failure cause) {}
        });
    peer.greet(Role.RECEIVER);
    peer.say(new ZeroSignature(0, 7));
    inbox.take(Hello.class);
    Failure failure = ended();
    assertThat(failure.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(failure).hasMessageContaining("No space left on device");
  }

  @Test
  void aSinkThatComesAfterTheEndIsToldAtOnce() throws Exception {
    peer.close();
    inbox.awaitEnd(10);
    Sink sink = new Sink();
    inbox.signaturesTo(sink);
    assertThat(sink.heard()).isInstanceOf(Failure.class);
  }

  @Test
  void whatBrokeTheLineFirstIsWhatIsTold() {
    Failure cause = new Failure(ExitCode.INTERRUPTED, "ended by SIGTERM");
    line.fail(cause);
    assertThat(ended()).isSameAs(cause);
  }

  @Test
  void deltaPayloadsWaitInABoundedPoolAndTheLineWaitsForThem() throws Exception {
    peer.greet(Role.SENDER);
    for (int i = 0; i < 6; i++) {
      byte[] payload = new byte[DELTA_LENGTH];
      Arrays.fill(payload, (byte) i);
      peer.say(new DeltaFrame(ByteBuffer.wrap(payload)));
    }
    peer.say(new Zero(0, 1));
    inbox.take(Hello.class);
    List<Inbox.Incoming> held = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      held.add(delta(i));
    }
    CompletableFuture<Inbox.Incoming> fifth = new CompletableFuture<>();
    Thread taker = new Thread(() -> fifth.complete(delta(4)), "taker");
    taker.setDaemon(true);
    taker.start();
    TimeUnit.MILLISECONDS.sleep(300);
    assertThat(fifth).as("with all buffers in use").isNotDone();
    inbox.done(held.remove(0));
    held.add(fifth.join());
    inbox.done(held.remove(0));
    held.add(delta(5));
    assertThat(inbox.take().message()).isEqualTo(new Zero(0, 1));
  }

  @Test
  void closingWakesTheReaderThatWaitsForABuffer() throws IOException {
    peer.greet(Role.SENDER);
    for (int i = 0; i < 5; i++) {
      peer.say(new DeltaFrame(ByteBuffer.allocate(DELTA_LENGTH)));
    }
    inbox.take(Hello.class);
    for (int i = 0; i < 4; i++) {
      inbox.take();
    }
    inbox.close();
    assertThat(ended().exit()).isEqualTo(ExitCode.INTERRUPTED);
  }

  private Inbox.Incoming delta(int number) {
    Inbox.Incoming incoming;
    try {
      incoming = inbox.take();
    } catch (Failure e) {
      throw new AssertionError(e);
    }
    assertThat(incoming.message().type()).isEqualTo(FrameType.DELTA);
    ByteBuffer payload = ((DeltaFrame) incoming.message()).payload();
    assertThat(payload.remaining()).isEqualTo(DELTA_LENGTH);
    assertThat(payload.get(payload.position())).isEqualTo((byte) number);
    return incoming;
  }

  private void assertBroken(String how) {
    Failure failure = ended();
    assertThat(failure.exit()).isEqualTo(ExitCode.PROTOCOL);
    assertThat(failure).hasMessageContainingAll("the other end broke the protocol", how);
  }

  private Failure ended() {
    Failure failure = catchThrowableOfType(Failure.class, inbox::take);
    assertThat(failure).isNotNull();
    return failure;
  }

  /** Remembers what it was told, in order. */
  private static final class Sink implements Inbox.SignatureSink {
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

    @Override
    public void accept(Frame frame) throws IOException {
      heard.add(frame.message());
    }

    @Override
    public void fail(Failure cause) {
      heard.add(cause);
    }

    @Nullable Object heard() throws InterruptedException {
      return heard.poll(10, TimeUnit.SECONDS);
    }
  }
}
