package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.extent.BlockSize;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.StateFiles;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** A dry run and a verification tell the truth, and write nothing on the standby. */
@NullMarked
class LookTest {
  private static final int BLOCK = 8192;
  private static final Wishes SMALL_BLOCKS =
      new Wishes(false, false, false, false, null, new BlockSize(BLOCK));
  private static final Wishes INIT =
      new Wishes(true, false, false, false, null, new BlockSize(BLOCK));

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final byte[] old = new byte[20 * BLOCK + 512];
  private final byte[] next;

  LookTest() {
    random.nextBytes(old);
    next = old.clone();
    next[3 * BLOCK + 1] ^= 1;
    Arrays.fill(next, 5 * BLOCK, 8 * BLOCK, (byte) 0);
    next[next.length - 1] ^= 1;
  }

  private interface Look {
    Summary at(Rig rig, Purpose purpose) throws IOException;
  }

  private static Look pushing(Wishes wishes) {
    return (rig, purpose) -> rig.push(purpose, wishes);
  }

  private static Look pulling(Wishes wishes) {
    return (rig, purpose) -> rig.pull(purpose, wishes);
  }

  @Test
  void aDryRunCountsWhatWouldBeSent() throws IOException {
    for (Rig rig : new Rig[] {standing(), withoutRecord(), withoutSignature()}) {
      for (Look look : new Look[] {pushing(Wishes.NONE), pulling(Wishes.NONE)}) {
        check(look(rig, look, Purpose.DRY_RUN), 5, 3 * BLOCK, 4096 + 512);
      }
      assertThat(rig.replicate().blocksChanged()).as("seed %d", seed).isEqualTo(5);
      assertThat(Arrays.equals(rig.image(), next)).isTrue();
    }
  }

  @Test
  void aDryRunOfAFirstContactCountsToo() throws IOException {
    Rig absent = new Rig();
    absent.source(next);
    check(look(absent, pushing(SMALL_BLOCKS), Purpose.DRY_RUN), 18, 0, next.length - 3 * BLOCK);
    Rig bare = new Rig();
    bare.source(next);
    bare.bareImage(old);
    check(look(bare, pushing(INIT), Purpose.DRY_RUN), 5, 3 * BLOCK, 4096 + 512);
    assertThat(bare.push(Purpose.REPLICATE, INIT).epoch()).isEqualTo(1);
  }

  @Test
  void aVerificationFindsEveryDifferenceAndNothingElse() throws IOException {
    for (Rig rig : new Rig[] {standing(), withoutRecord(), withoutSignature()}) {
      for (Look look : new Look[] {pushing(Wishes.NONE), pulling(Wishes.NONE)}) {
        check(look(rig, look, Purpose.VERIFY), 5, 3 * BLOCK, 4096 + 512);
      }
      rig.source(old);
      assertThat(look(rig, pushing(Wishes.NONE), Purpose.VERIFY).blocksChanged()).isZero();
      byte[] tampered = old.clone();
      tampered[9 * BLOCK + 8000] ^= 1;
      rig.standbyDisk.preload(Rig.IMAGE, tampered);
      Summary summary = look(rig, pushing(Wishes.NONE), Purpose.VERIFY);
      assertThat(summary.blocksChanged()).as("behind our back, seed %d", seed).isEqualTo(1);
      assertThat(summary.firstDifference()).isEqualTo(9L * BLOCK);
    }
  }

  @Test
  void aVerificationOfAnotherSizeIsADifference() throws IOException {
    Rig rig = standing();
    rig.source(Arrays.copyOf(next, next.length + 512));
    Failure failure =
        catchThrowableOfType(Failure.class, () -> look(rig, pushing(Wishes.NONE), Purpose.VERIFY));
    assertThat(failure.exit()).isEqualTo(ExitCode.DIFFERENT);
  }

  @Test
  void anImageIsVerifiedAgainstItsOwnSignature() throws IOException {
    Rig rig = standing();
    byte[] tampered = old.clone();
    tampered[9 * BLOCK + 8000] ^= 1;
    tampered[tampered.length - 1] ^= 1;
    rig.standbyDisk.preload(Rig.IMAGE, tampered);
    int operations = rig.standbyDisk.operations();
    try (Standby standby = rig.open()) {
      ImageVerification found = ImageVerification.verify(standby, Monitor.SILENT);
      assertThat(found.isSound()).isFalse();
      assertThat(found.differingBlocks()).isEqualTo(2);
      assertThat(found.differences().get(0).offset()).isEqualTo(9L * BLOCK);
      assertThat(found.differences().get(1).end()).isEqualTo(old.length);
    }
    assertThat(rig.standbyDisk.operations()).isEqualTo(operations);
  }

  private void check(Summary found, long changed, long zero, long literal) {
    assertThat(found.blocksChanged()).as("seed %d", seed).isEqualTo(changed);
    assertThat(found.zeroBytes()).as("seed %d", seed).isEqualTo(zero);
    assertThat(found.literalBytes()).as("seed %d", seed).isEqualTo(literal);
    assertThat(found.bytesWritten()).as("seed %d", seed).isZero();
  }

  /** Looks, and sees that nothing was written on the standby, and the image is as it was. */
  private Summary look(Rig rig, Look look, Purpose purpose) throws IOException {
    byte[] image = rig.hasImage() ? rig.image() : new byte[0];
    int operations = rig.standbyDisk.operations();
    Summary summary = look.at(rig, purpose);
    assertThat(rig.standbyDisk.operations()).as("writes, seed %d", seed).isEqualTo(operations);
    assertThat(rig.hasImage() ? rig.image() : new byte[0]).isEqualTo(image);
    return summary;
  }

  private Rig standing() throws IOException {
    Rig rig = new Rig();
    rig.source(old);
    rig.push(Purpose.REPLICATE, SMALL_BLOCKS);
    rig.source(next);
    return rig;
  }

  private Rig withoutRecord() throws IOException {
    Rig rig = standing();
    StateFile.of(rig.sourceDisk, rig.sourceRecord(), StateFiles.MANIFEST).delete();
    return rig;
  }

  private Rig withoutSignature() throws IOException {
    Rig rig = standing();
    StateFile.of(rig.standbyDisk, Rig.STATE, StateFiles.SIGNATURE).delete();
    return rig;
  }
}
