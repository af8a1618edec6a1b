package snapferry.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.codec.FormatException;
import snapferry.delta.RootHash;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.End;
import snapferry.wire.Resend;

/** In which order blocks may come, what END must count, and which blocks come again. */
@NullMarked
class ReceiverSessionTest {
  private static final RootHash ROOT = new RootHash(1, 2, 3, 4);
  private static final long BLOCKS = 100_000;

  private final ReceiverSession session =
      new ReceiverSession(new Geometry(BLOCKS * 4096 - 512, new BlockSize(4096)));

  @Test
  void anEpochIsCompleteWhenEndCountsWhatCame() throws IOException {
    delta(10, 0, 1, 5);
    session.zero(6, 4);
    delta(20, 10, BLOCKS - 2);
    session.zero(BLOCKS - 1, 1);
    assertThat(session.end(end(2, 5, 5, 30))).isEmpty();
    assertThat(session.isRepairing()).isFalse();
  }

  @Test
  void whatIsCopiedCountsToo() throws IOException {
    session.deltaBlock(0);
    session.deltaFrame(0, 4096);
    session.deltaBlock(1);
    session.deltaFrame(0, 8192);
    assertThat(session.end(new End(ROOT, 2, 2, 0, 0, 12_288, 0))).isEmpty();
  }

  @Test
  void anEpochInWhichNothingChangedIsComplete() throws IOException {
    assertThat(session.end(end(0, 0, 0, 0))).isEmpty();
  }

  @Test
  void anEndThatCountsOtherFramesThanCameIsRefused() {
    for (End wrong :
        List.of(
            end(0, 2, 3, 10),
            end(2, 2, 3, 10),
            end(1, 1, 3, 10),
            end(1, 2, 2, 10),
            end(1, 2, 4, 10),
            end(1, 2, 3, 9))) {
      assertRefused(
          () -> {
            ReceiverSession counted = new ReceiverSession(new Geometry(40960, new BlockSize(4096)));
            counted.deltaBlock(0);
            counted.deltaBlock(1);
            counted.deltaFrame(10, 0);
            counted.zero(2, 3);
            counted.end(wrong);
          },
          "counts other frames");
    }
  }

  @Test
  void blocksThatDoNotAscendAreRefused() throws IOException {
    session.deltaBlock(5);
    assertRefused(() -> session.deltaBlock(5), "out of order");
    assertRefused(() -> session.deltaBlock(4), "out of order");
    assertRefused(() -> session.zero(5, 1), "out of order");
    session.zero(6, 10);
    assertRefused(() -> session.deltaBlock(15), "out of order");
    assertRefused(() -> session.zero(0, 1), "out of order");
    session.deltaBlock(16);
  }

  @Test
  void blocksBeyondTheVolumeAreRefused() {
    assertRefused(() -> session.deltaBlock(BLOCKS), "beyond the volume");
    assertRefused(() -> session.deltaBlock(1L << 47), "beyond the volume");
    assertRefused(() -> session.zero(BLOCKS - 1, 2), "beyond the volume");
    assertRefused(() -> session.zero(BLOCKS + 1, 1), "beyond the volume");
    assertRefused(() -> session.zero(0, 1L << 47), "beyond the volume");
  }

  @Test
  void whatDidNotComeOutIsAskedForAgainAndThenTheEpochIsComplete() throws IOException {
    session.deltaBlock(3);
    session.mismatch(3);
    session.deltaBlock(4);
    session.deltaBlock(9);
    session.mismatch(9);
    session.deltaFrame(0, 0);
    assertThat(session.end(end(1, 3, 0, 0))).containsExactly(3L, 9L);
    assertThat(session.isRepairing()).isTrue();
    delta(4096, 3);
    delta(4096, 9);
    assertThat(session.end(end(2, 2, 0, 8192))).isEmpty();
    assertThat(session.isRepairing()).isFalse();
  }

  @Test
  void onlyWhatWasAskedForComesAgain() throws IOException {
    repairing(3, 9);
    assertRefused(() -> session.deltaBlock(4), "not asked for");
    assertRefused(() -> session.deltaBlock(9), "not asked for");
    assertRefused(() -> session.zero(10, 1), "not asked for");
    session.deltaBlock(3);
    assertRefused(() -> session.deltaBlock(3), "not asked for");
    session.deltaBlock(9);
    assertRefused(() -> session.deltaBlock(10), "not asked for");
  }

  @Test
  void whatWasAskedForMayComeAsZeros() throws IOException {
    repairing(3, 4, 9);
    session.zero(3, 2);
    assertRefused(() -> session.zero(8, 1L << 40), "not asked for");
    session.zero(9, 1);
    assertThat(session.end(end(0, 0, 3, 0))).isEmpty();
  }

  @Test
  void allThatWasAskedForComesAgain() throws IOException {
    repairing(3, 9);
    delta(4096, 3);
    assertRefused(() -> session.end(end(1, 1, 0, 4096)), "every block that was asked for");
  }

  @Test
  void theSecondEndCountsItsOwnRound() throws IOException {
    repairing(3);
    delta(4096, 3);
    assertRefused(() -> session.end(end(2, 2, 0, 4096)), "counts other frames");
  }

  @Test
  void aBlockThatDoesNotComeOutTwiceFailsTheRun() throws IOException {
    repairing(3);
    session.deltaBlock(3);
    Failure failure = catchThrowableOfType(Failure.class, () -> session.mismatch(3));
    assertThat(failure.exit()).isEqualTo(ExitCode.INTEGRITY);
    assertThat(failure).hasMessageContainingAll("offset " + 3 * 4096, "Nothing was committed");
  }

  @Test
  void moreMismatchesThanCanBeAskedForFailTheRun() throws IOException {
    for (int block = 0; block < Resend.MAX_BLOCKS; block++) {
      session.deltaBlock(block);
      session.mismatch(block);
    }
    session.deltaBlock(Resend.MAX_BLOCKS);
    Failure failure =
        catchThrowableOfType(Failure.class, () -> session.mismatch(Resend.MAX_BLOCKS));
    assertThat(failure.exit()).isEqualTo(ExitCode.INTEGRITY);
    session.deltaFrame(0, 0);
    List<Long> again = session.end(end(1, Resend.MAX_BLOCKS + 1, 0, 0));
    assertThat(new Resend(again).blocks()).as("fits a frame").hasSize(Resend.MAX_BLOCKS);
  }

  @Test
  void nothingComesAfterTheLastEnd() throws IOException {
    session.end(end(0, 0, 0, 0));
    assertRefused(() -> session.deltaFrame(0, 0), "after the last END");
    assertRefused(() -> session.deltaBlock(0), "after the last END");
    assertRefused(() -> session.zero(0, 1), "after the last END");
    assertRefused(() -> session.end(end(0, 0, 0, 0)), "after the last END");
  }

  @Test
  void nothingComesAfterTheLastEndOfARepair() throws IOException {
    repairing(3);
    delta(4096, 3);
    session.end(end(1, 1, 0, 4096));
    assertRefused(() -> session.deltaBlock(4), "after the last END");
    assertRefused(() -> session.end(end(0, 0, 0, 0)), "after the last END");
  }

  @Test
  void aRootThatIsNotTheSourcesIsNotCommitted() throws IOException {
    ReceiverSession.prove(ROOT, new RootHash(1, 2, 3, 4));
    Failure failure =
        catchThrowableOfType(
            Failure.class, () -> ReceiverSession.prove(ROOT, new RootHash(1, 2, 3, 5)));
    assertThat(failure.exit()).isEqualTo(ExitCode.INTEGRITY);
    assertThat(failure).hasMessageContainingAll("Nothing was committed", "--full");
  }

  private void delta(long literals, long... blocks) throws FormatException {
    for (long block : blocks) {
      session.deltaBlock(block);
    }
    session.deltaFrame(literals, 0);
  }

  private void repairing(long... blocks) throws IOException {
    for (long block : blocks) {
      session.deltaBlock(block);
      session.mismatch(block);
    }
    session.deltaFrame(0, 0);
    session.end(end(1, blocks.length, 0, 0));
  }

  private static End end(long frames, long blocks, long zeros, long literals) {
    return new End(ROOT, frames, blocks, zeros, literals, 0, 0);
  }

  private static void assertRefused(ThrowingCallable call, String why) {
    assertThatExceptionOfType(FormatException.class).isThrownBy(call).withMessageContaining(why);
  }
}
