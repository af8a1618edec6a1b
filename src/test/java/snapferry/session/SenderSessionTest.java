package snapferry.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.codec.FormatException;
import snapferry.delta.HashKind;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.wire.Ack;
import snapferry.wire.Basis;
import snapferry.wire.End;
import snapferry.wire.Plan;
import snapferry.wire.Purpose;

/** What may come back when, and what END tells. */
@NullMarked
class SenderSessionTest {
  private static final int BLOCKS = 10;
  private static final RootHash OLD = new RootHash(1, 0, 0, 0);
  private static final RootHash NEW = new RootHash(2, 0, 0, 0);

  private final SenderSession session = new SenderSession(plan(Purpose.REPLICATE, Basis.READ));

  @Test
  void endTellsWhatWentOutInItsRoundAndWhatWasReadInAll() throws FormatException {
    session.delta(2, 3, 100, 7);
    session.zero(4);
    session.delta(1, 1, 10, 8);
    assertThat(session.end(NEW, 5000)).isEqualTo(new End(NEW, 3, 4, 4, 110, 15, 5000));
    session.resend(List.of(0L, 9L));
    session.delta(1, 1, 4096, 0);
    session.delta(1, 1, 4096, 0);
    assertThat(session.end(NEW, 5000)).isEqualTo(new End(NEW, 2, 2, 0, 8192, 0, 5000));
  }

  @Test
  void aSignatureCoversTheBlocksFromTheFirstToTheLastWithoutGaps() throws FormatException {
    assertRefused(() -> session.signature(1, 1), "expected block 0");
    session.signature(0, 4);
    assertRefused(() -> session.signature(5, 1), "expected block 4");
    assertRefused(() -> session.signature(3, 1), "expected block 4");
    assertRefused(() -> session.signature(4, BLOCKS - 3), "expected block 4");
    assertRefused(() -> session.signature(4, 1L << 47), "expected block 4");
    session.signature(4, 1);
    session.signature(5, BLOCKS - 5);
    assertRefused(() -> session.signature(BLOCKS, 1), "expected block 10");
  }

  @Test
  void aSignatureComesOnlyIfItWasAskedFor() throws FormatException {
    for (Basis basis : List.of(Basis.ZERO, Basis.CACHED)) {
      SenderSession unasked = new SenderSession(plan(Purpose.REPLICATE, basis));
      assertRefused(() -> unasked.signature(0, 1), "not asked for");
    }
    new SenderSession(plan(Purpose.REPLICATE, Basis.STORED)).signature(0, BLOCKS);
  }

  @Test
  void blocksGoAgainOnceAndOnlyAfterEnd() throws FormatException {
    assertRefused(() -> session.resend(List.of(1L)), "out of turn");
    session.end(NEW, 0);
    session.resend(List.of(1L));
    assertRefused(() -> session.resend(List.of(1L)), "out of turn");
    session.end(NEW, 0);
    assertRefused(() -> session.resend(List.of(1L)), "out of turn");
  }

  @Test
  void blocksThatTheVolumeDoesNotHaveDoNotGoAgain() {
    session.end(NEW, 0);
    assertRefused(() -> session.resend(List.of(1L, (long) BLOCKS)), "does not have");
  }

  @Test
  void whatOnlyLooksSendsNothingAgain() {
    for (Purpose purpose : List.of(Purpose.DRY_RUN, Purpose.VERIFY)) {
      SenderSession looking = new SenderSession(plan(purpose, Basis.READ));
      looking.end(RootHash.NONE, 0);
      assertRefused(() -> looking.resend(List.of(1L)), "nothing was sent");
    }
  }

  @Test
  void anAcknowledgementComesAfterEndAndOnce() throws FormatException {
    End early = new End(NEW, 0, 0, 0, 0, 0, 0);
    assertRefused(() -> session.acknowledge(ack(8, NEW), early), "before END");
    session.end(NEW, 0);
    session.resend(List.of(1L));
    assertRefused(() -> session.acknowledge(ack(8, NEW), early), "before END");
    End end = session.end(NEW, 0);
    session.acknowledge(ack(8, NEW), end);
    assertRefused(() -> session.acknowledge(ack(8, NEW), end), "ACK");
    assertRefused(() -> session.resend(List.of(1L)), "out of turn");
  }

  @Test
  void anAcknowledgementIsOfTheEpochAndRootThatWereSent() throws FormatException {
    End end = session.end(NEW, 0);
    assertRefused(() -> session.acknowledge(ack(7, NEW), end), "ACK for epoch 7");
    assertRefused(() -> session.acknowledge(ack(8, OLD), end), "root " + OLD.brief());
    session.acknowledge(ack(8, NEW), end);
  }

  @Test
  void whatOnlyLooksIsAcknowledgedWithWhatTheStandbyHeldBefore() throws FormatException {
    for (Purpose purpose : List.of(Purpose.DRY_RUN, Purpose.VERIFY)) {
      SenderSession looking = new SenderSession(plan(purpose, Basis.READ));
      End end = looking.end(RootHash.NONE, 0);
      assertRefused(() -> looking.acknowledge(ack(8, OLD), end), "ACK for epoch 8");
      assertRefused(() -> looking.acknowledge(ack(7, NEW), end), "ACK for epoch 7");
      looking.acknowledge(ack(7, OLD), end);
    }
  }

  private static Ack ack(long epoch, RootHash root) {
    return new Ack(epoch, root, 0, 0, 0);
  }

  private static Plan plan(Purpose purpose, Basis basis) {
    Geometry geometry = new Geometry((BLOCKS - 1) * 4096 + 512, new BlockSize(4096));
    return new Plan(
        purpose,
        basis,
        false,
        false,
        new SignatureShape(geometry, HashKind.FAST128, new SignatureShape.Key(0, 0)),
        purpose == Purpose.VERIFY ? 7 : 8,
        0,
        7,
        OLD,
        new UUID(1, 1),
        new UUID(2, 2),
        "vol0",
        "scan");
  }

  private static void assertRefused(ThrowingCallable call, String why) {
    assertThatExceptionOfType(FormatException.class).isThrownBy(call).withMessageContaining(why);
  }
}
