package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.extent.BlockSize;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** What a standby holds after runs over healthy disks. */
@NullMarked
class ReplicationTest {
  private static final Wishes SMALL_BLOCKS =
      new Wishes(false, false, false, false, null, new BlockSize(8192));

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
}
