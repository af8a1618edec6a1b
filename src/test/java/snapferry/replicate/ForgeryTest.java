package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.ImageState;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** An end that says what is not so, with sound checksums, is not believed. */
@NullMarked
@Timeout(60)
class ForgeryTest {
  private static final int ROOT = 0;
  private static final int[] COUNTS = {32, 40, 48, 56, 64};
  private static final int ACK_EPOCH = 0;
  private static final int ACK_ROOT = 8;

  private final SmallVolume volume = new SmallVolume();

  @Test
  void anEpochWithAnotherRootIsNotCommitted() throws IOException {
    for (Rig rig : new Rig[] {volume.cached(), volume.stored()}) {
      assertThat(source(rig, Wishes.NONE, Forger.END, ROOT)).isEqualTo(ExitCode.INTEGRITY);
      checkOldEpoch(rig);
    }
    Rig compared = volume.cached();
    assertThat(source(compared, SmallVolume.FULL, Forger.END, ROOT)).isEqualTo(ExitCode.INTEGRITY);
    checkOldEpoch(compared);
  }

  @Test
  void aSeedWithAnotherRootIsNotStanding() throws IOException {
    Rig rig = new Rig();
    rig.source(volume.next);
    assertThat(source(rig, Wishes.NONE, Forger.END, ROOT)).isEqualTo(ExitCode.INTEGRITY);
    assertThat(Objects.requireNonNull(rig.manifest(), "a seed").state())
        .isEqualTo(ImageState.SEEDING);
    rig.replicate();
    assertThat(rig.image()).isEqualTo(volume.next);
  }

  @Test
  void anEndThatCountsOtherFramesThanCameIsRefused() throws IOException {
    for (int count : COUNTS) {
      Rig rig = volume.cached();
      assertThat(source(rig, Wishes.NONE, Forger.END, count)).isEqualTo(ExitCode.PROTOCOL);
      checkOldEpoch(rig);
    }
  }

  @Test
  void anAcknowledgementOfAnotherEpochIsNotRecorded() throws IOException {
    for (int field : new int[] {ACK_EPOCH, ACK_ROOT}) {
      Rig rig = volume.cached();
      assertThat(standby(rig, Forger.ACK, field)).isEqualTo(ExitCode.PROTOCOL);
      // The standby has the epoch, and its next STATE says so.
      assertThat(rig.image()).isEqualTo(volume.next);
      assertThat(rig.replicate().epoch()).isEqualTo(3);
    }
  }

  @Test
  void aSignatureWithAGapIsRefused() throws IOException {
    for (byte type : new byte[] {Forger.SIGNATURE, Forger.ZERO_SIGNATURE}) {
      Rig rig = volume.stored();
      assertThat(standby(rig, type, 0)).as("type %d", type).isEqualTo(ExitCode.PROTOCOL);
      checkOldEpoch(rig);
    }
  }

  @Test
  void aPlanForAnotherPurposeThanTheSessionsIsRefused() throws IOException {
    Rig rig = volume.cached();
    assertThat(source(rig, Wishes.NONE, Forger.PLAN, 0)).isEqualTo(ExitCode.PROTOCOL);
    checkOldEpoch(rig);
  }

  @Test
  void aSourceThatTakesMoreLibertiesThanTheOperatorGaveIsRefused() throws IOException {
    Rig rig = volume.cached();
    Ends[] ends = Ends.pair();
    ends[1] = Forger.of(ends[1], Forger.PLAN, 2, 1);
    Failure failure =
        catchThrowableOfType(
            Failure.class,
            () ->
                rig.session(
                    ends,
                    client -> client.pull("", rig.standbyPlace(), Purpose.REPLICATE, Wishes.NONE)));
    assertThat(failure.exit()).isEqualTo(ExitCode.PROTOCOL);
    checkOldEpoch(rig);
  }

  private void checkOldEpoch(Rig rig) throws IOException {
    assertThat(Objects.requireNonNull(rig.manifest(), "a standby").epoch()).isEqualTo(1);
    assertThat(rig.image()).isEqualTo(volume.old);
    rig.replicate();
    assertThat(rig.image()).isEqualTo(volume.next);
  }

  /** How a run ends in which the source forges a byte of its first frame of this type. */
  private static ExitCode source(Rig rig, Wishes wishes, byte type, int at) throws IOException {
    Ends[] ends = Ends.pair();
    ends[0] = Forger.of(ends[0], type, at, 1);
    return push(rig, ends, wishes);
  }

  private static ExitCode standby(Rig rig, byte type, int at) throws IOException {
    Ends[] ends = Ends.pair();
    ends[1] = Forger.of(ends[1], type, at, 1);
    return push(rig, ends, Wishes.NONE);
  }

  private static ExitCode push(Rig rig, Ends[] ends, Wishes wishes) {
    Failure failure =
        catchThrowableOfType(
            Failure.class,
            () ->
                rig.session(
                    ends, client -> client.push("", rig.sourcePlace(), Purpose.REPLICATE, wishes)));
    return failure == null ? ExitCode.DONE : failure.exit();
  }
}
