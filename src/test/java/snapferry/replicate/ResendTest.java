package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.delta.BlockSigner;
import snapferry.delta.SignatureLayout;
import snapferry.delta.SignatureShape;
import snapferry.device.BlockDevice;
import snapferry.device.StateDirectory;
import snapferry.device.Storage;
import snapferry.extent.BlockSize;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.StateFiles;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** A block that does not come out as announced is asked for again, whole, and once. */
@NullMarked
class ResendTest {
  private static final byte RESEND = 9;
  private static final int BLOCK = 65_536;
  private static final int CHANGED = 17;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final byte[] old = new byte[30 * BLOCK + 512];
  private final byte[] next;
  private Recording answered = new Recording();

  ResendTest() {
    random.nextBytes(old);
    next = old.clone();
    next[CHANGED * BLOCK + 100] ^= 1;
    next[CHANGED * BLOCK + 5 * BlockSize.PAGE] ^= 1;
    next[next.length - 1] ^= 1;
  }

  @Test
  void aPageSumThatMisleadsCostsAResendAndNoWrongByte() throws IOException {
    Rig rig = standing();
    claimInSignature(rig, next, 5);
    Summary summary = replicate(rig, Wishes.NONE, 0);
    assertThat(types()).as("seed %d", seed).containsOnlyOnce(RESEND);
    assertThat(summary.literalBytes()).isEqualTo(BlockSize.PAGE + 512 + (long) BLOCK);
    checkSound(rig, 2);
    assertThat(replicate(rig, Wishes.NONE, 0).blocksChanged()).isZero();
    assertThat(types()).doesNotContain(RESEND);
  }

  /** With page sums of 16 bits, some would collide in every large run; here a third of all do. */
  @Test
  void whereverPageSumsCollideTheBlockHashProves() throws IOException {
    for (int round = 0; round < 20; round++) {
      Rig rig = standing();
      byte[] changed = next.clone();
      for (int page = 0; page < BLOCK / BlockSize.PAGE; page++) {
        changed[CHANGED * BLOCK + page * BlockSize.PAGE + random.nextInt(BlockSize.PAGE)] ^= 1;
      }
      rig.source(changed);
      int claims = 0;
      for (int page = 0; page < BLOCK / BlockSize.PAGE; page++) {
        if (random.nextInt(3) == 0) {
          claimInSignature(rig, changed, page);
          claims++;
        }
      }
      replicate(rig, Wishes.NONE, 0);
      assertThat(types().contains(RESEND)).as("seed %d", seed).isEqualTo(claims > 0);
      assertThat(Arrays.equals(rig.image(), changed)).as("seed %d", seed).isTrue();
    }
  }

  @Test
  void aForgedBlockOfAnEpochIsRepaired() throws IOException {
    Rig rig = standing();
    replicate(rig, Wishes.NONE, 1);
    assertThat(types()).as("seed %d", seed).containsOnlyOnce(RESEND);
    checkSound(rig, 2);
  }

  @Test
  void aRepairedBlockGoesBackToo() throws IOException {
    Rig rig = standing();
    rig.keep = 1;
    claimInSignature(rig, next, 5);
    replicate(rig, Wishes.NONE, 0);
    assertThat(types()).as("seed %d", seed).containsOnlyOnce(RESEND);
    try (Standby standby = rig.open()) {
      Rollback.prepare(standby, 1, Monitor.SILENT).run();
    }
    assertThat(Arrays.equals(rig.image(), old)).as("seed %d", seed).isTrue();
  }

  @Test
  void aForgedBlockOfASeedIsRepaired() throws IOException {
    Rig rig = new Rig();
    rig.source(next);
    replicate(rig, Wishes.NONE, 1);
    assertThat(types()).as("seed %d", seed).containsOnlyOnce(RESEND);
    checkSound(rig, 1);
  }

  @Test
  void aForgedBlockOfAnAdoptionIsRepaired() throws IOException {
    Rig rig = new Rig();
    rig.source(next);
    rig.bareImage(old);
    replicate(rig, new Wishes(true, false, false, false, null, null), 1);
    assertThat(types()).as("seed %d", seed).containsOnlyOnce(RESEND);
    checkSound(rig, 1);
  }

  @Test
  void aBlockThatIsForgedAgainIsAnIntegrityFailure() throws IOException {
    Rig rig = standing();
    Failure failure = catchThrowableOfType(Failure.class, () -> replicate(rig, Wishes.NONE, 1000));
    assertThat(failure.exit()).as("%s, seed %d", failure, seed).isEqualTo(ExitCode.INTEGRITY);
    assertThat(Arrays.equals(rig.image(), old)).isTrue();
    rig.replicate();
    checkSound(rig, 2);
  }

  /**
   * A source without a snapshot goes on changing. What comes again is whole and hashes as it says,
   * but the root is made of what was announced first.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBlockThatIsAnotherWhenItComesAgainIsRefused(boolean cleared) throws IOException {
    Rig rig = standing();
    claimInSignature(rig, next, 5);
    byte[] block = new byte[cleared ? BLOCK : BlockSize.PAGE];
    Ends[] ends = Ends.pair();
    ends[0] = Interjection.of(ends[0], () -> overwrite(rig, block));
    Failure failure =
        catchThrowableOfType(
            Failure.class,
            () ->
                rig.session(
                    ends,
                    client -> client.push("", rig.sourcePlace(), Purpose.REPLICATE, Wishes.NONE)));
    assertThat(failure).as("seed %d", seed).isNotNull();
    assertThat(failure.exit()).as("%s, seed %d", failure, seed).isEqualTo(ExitCode.INTEGRITY);
    assertThat(failure).hasMessageContaining("changed while it was read");
    assertThat(Arrays.equals(rig.image(), old)).as("seed %d", seed).isTrue();
  }

  private static void overwrite(Rig rig, byte[] with) throws IOException {
    try (BlockDevice volume = rig.sourceDisk.device(Rig.VOLUME, 0)) {
      volume.write(CHANGED * (long) BLOCK, ByteBuffer.wrap(with));
    }
  }

  private Rig standing() throws IOException {
    Rig rig = new Rig();
    rig.source(old);
    rig.replicate();
    rig.source(next);
    return rig;
  }

  private void checkSound(Rig rig, long epoch) throws IOException {
    assertThat(Arrays.equals(rig.image(), next)).as("seed %d", seed).isTrue();
    assertThat(Objects.requireNonNull(rig.manifest(), "a standby").epoch()).isEqualTo(epoch);
    try (Standby standby = rig.open()) {
      assertThat(ImageVerification.verify(standby, Monitor.SILENT).isSound()).isTrue();
    }
  }

  /** Has the source's own signature claim that the standby holds this page of the changed block. */
  private void claimInSignature(Rig rig, byte[] content, int page) throws IOException {
    SignatureShape shape = Objects.requireNonNull(rig.manifest(), "a standby").shape();
    ByteBuffer block = littleEndian(BLOCK).put(content, CHANGED * BLOCK, BLOCK).flip();
    ByteBuffer sums = littleEndian(shape.pageSumsLength());
    new BlockSigner(shape).pageSums(block, 0, BLOCK, sums, 0);
    int from = page * SignatureShape.PAGE_SUM;
    long at =
        new SignatureLayout(shape).pageSums() + CHANGED * (long) shape.pageSumsLength() + from;
    try (StateDirectory record = rig.sourceDisk.directory(rig.sourceRecord());
        Storage signature = record.open(StateFiles.SIGNATURE)) {
      signature.write(at, sums.limit(from + SignatureShape.PAGE_SUM).position(from));
    }
  }

  private static ByteBuffer littleEndian(int length) {
    return ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A run over a line that forges the last byte of the first {@code forgeries} DELTA frames. */
  private Summary replicate(Rig rig, Wishes wishes, int forgeries) throws IOException {
    answered = new Recording();
    Ends[] ends = Ends.pair();
    Ends forging = Forger.of(ends[0], Forger.DELTA, -1, forgeries);
    return rig.session(
        new Ends[] {forging, answered.of(ends[1])},
        client -> client.push("", rig.sourcePlace(), Purpose.REPLICATE, wishes));
  }

  private List<Byte> types() {
    return Garbling.frames(answered.bytes()).stream().map(frame -> frame[0]).toList();
  }
}
