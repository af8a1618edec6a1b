package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.device.BlockDevice;
import snapferry.extent.BlockSize;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.ImageState;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** What a standby holds after runs over healthy disks. */
@NullMarked
class ReplicationTest {
  private static final Wishes SMALL_BLOCKS =
      new Wishes(false, false, false, false, null, new BlockSize(8192));
  private static final Wishes INIT = new Wishes(true, false, false, false, null, null);

  @Test
  void theStandbyIsTheSourceAfterASeedAndAfterEveryEpoch() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Rig rig = new Rig();
    byte[] content = Volumes.random(random, 300 * 512 + 4096 * 60);
    rig.source(content);
    Summary first = rig.push(Purpose.REPLICATE, SMALL_BLOCKS);
    assertThat(first.epoch()).isEqualTo(1);
    assertThat(rig.image()).as("seed %d", seed).isEqualTo(content);
    for (int epoch = 2; epoch < 12; epoch++) {
      content = Volumes.edited(random, content, random.nextInt(5));
      rig.source(content);
      Summary summary = rig.replicate();
      assertThat(summary.epoch()).isEqualTo(epoch);
      assertThat(rig.image()).as("seed %d, epoch %d", seed, epoch).isEqualTo(content);
      rig = rig.rebooted(random);
      assertThat(rig.image()).as("seed %d, epoch %d rebooted", seed, epoch).isEqualTo(content);
    }
  }

  @Test
  void allThatARunLeavesBehindIsDurable() throws IOException {
    Random random = new Random();
    Rig rig = new Rig();
    byte[] content = Volumes.random(random, 40 * 4096);
    for (int epoch = 1; epoch < 4; epoch++) {
      rig.source(content);
      rig.push(Purpose.REPLICATE, SMALL_BLOCKS);
      rig = rig.copy();
      assertThat(rig.image()).isEqualTo(content);
      try (Standby standby = rig.open()) {
        assertThat(standby.signature()).as("signature of epoch %d", epoch).isNotNull();
      }
      content = Volumes.edited(random, content, 2);
    }
  }

  @Test
  void aSourceThatShrinksWhileItIsReadFailsTheRunAndNotTheStandby() throws IOException {
    Rig rig = new Rig();
    byte[] content = Volumes.random(new Random(1), 64 << 10);
    rig.source(content);
    rig.replicate();
    rig.source(Volumes.edited(new Random(2), content, 3));
    rig.shrinking = true;
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(rig::replicate)
        .satisfies(failure -> assertThat(failure.exit()).isEqualTo(ExitCode.SIZE));
    assertThat(rig.image()).isEqualTo(content);
  }

  /** Nothing is read or written where the target ends, so nobody would notice. */
  @ParameterizedTest
  @CsvSource({"true, -512", "false, -512", "false, 512"})
  void aTargetThatIsResizedWhileItReceivesGetsNoEpoch(boolean device, int by) throws IOException {
    Rig rig = new Rig();
    byte[] content = Arrays.copyOf(Volumes.random(new Random(1), 4096), 256 << 10);
    rig.source(content);
    rig.targetIsDevice = device;
    rig.bareImage(new byte[content.length]);
    rig.push(Purpose.REPLICATE, INIT);
    byte[] next = content.clone();
    next[100] ^= 1;
    rig.source(next);
    Failure failure = resizedMeanwhile(rig, by);
    assertThat(failure.exit()).as("%s", failure).isEqualTo(ExitCode.SIZE);
    assertThat(Objects.requireNonNull(rig.manifest(), "a standby").epoch()).isEqualTo(1);
    assertThat(rig.image()).isEqualTo(Arrays.copyOf(content, content.length + by));
  }

  @ParameterizedTest
  @ValueSource(ints = {-512, 512})
  void aTargetThatIsResizedWhileItIsSeededGoesOnSeeding(int by) throws IOException {
    Rig rig = new Rig();
    rig.source(Arrays.copyOf(Volumes.random(new Random(1), 4096), 256 << 10));
    Failure failure = resizedMeanwhile(rig, by);
    assertThat(failure.exit()).as("%s", failure).isEqualTo(ExitCode.SIZE);
    assertThat(Objects.requireNonNull(rig.manifest(), "a seed").state())
        .isEqualTo(ImageState.SEEDING);
  }

  private static Failure resizedMeanwhile(Rig rig, int by) throws IOException {
    Ends[] ends = Ends.pair();
    ends[0] = Interjection.of(ends[0], () -> resize(rig, by));
    return catchThrowableOfType(
        Failure.class,
        () ->
            rig.session(
                ends,
                client -> client.push("", rig.sourcePlace(), Purpose.REPLICATE, Wishes.NONE)));
  }

  /** Once it is there: a source does not wait until the standby has made its image. */
  private static void resize(Rig rig, int by) throws IOException {
    try (BlockDevice image = rig.standbyDisk.file(Rig.IMAGE, 0)) {
      while (image.size() == 0) {
        Thread.onSpinWait();
      }
      image.resize(image.size() + by);
    }
  }
}
