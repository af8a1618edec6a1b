package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import snapferry.extent.BlockSize;
import snapferry.extent.Extent;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.ImageState;
import snapferry.journal.Manifest;
import snapferry.journal.StateFiles;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** A standby that is taken into use is nobody's target any more. */
@NullMarked
class PromotionTest {
  private static final Wishes INIT = new Wishes(true, false, false, false, null, null);
  private static final int SAMPLE = 1000;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final SmallVolume volume = new SmallVolume();

  private static void promote(Rig rig) throws IOException {
    try (Standby standby = rig.open()) {
      standby.promote();
    }
  }

  private static ExitCode refusal(Rig rig, Purpose purpose, Wishes wishes) {
    return assertThatThrownBy(() -> rig.push(purpose, wishes))
        .hasMessageContaining("was promoted with epoch 1 of vol0")
        .hasMessageContaining("Nothing was touched")
        .asInstanceOf(InstanceOfAssertFactories.type(Failure.class))
        .actual()
        .exit();
  }

  @Test
  void noSourceReplicatesIntoIt() throws IOException {
    Rig rig = volume.cached();
    promote(rig);
    for (Purpose purpose : Purpose.values()) {
      assertThat(refusal(rig, purpose, Wishes.NONE)).isEqualTo(ExitCode.LINEAGE);
      assertThat(refusal(rig, purpose, INIT)).isEqualTo(ExitCode.LINEAGE);
    }
    assertThatThrownBy(() -> rig.pull(Purpose.REPLICATE, INIT)).isInstanceOf(Failure.class);
    assertThat(rig.image()).isEqualTo(volume.old);
  }

  @Test
  void whoeverMadeItShorterHasNotMadeItATarget() throws IOException {
    Rig rig = volume.cached();
    promote(rig);
    rig.standbyDisk.preload(Rig.IMAGE, Arrays.copyOf(volume.old, SmallVolume.BLOCK));
    Wishes all = new Wishes(true, true, false, false, null, null);
    assertThat(refusal(rig, Purpose.REPLICATE, all)).isEqualTo(ExitCode.LINEAGE);
    assertThat(rig.image()).hasSize(SmallVolume.BLOCK);
  }

  @Test
  void itRemembersWhatItHeld() throws IOException {
    Rig rig = volume.cached();
    Manifest before = Objects.requireNonNull(rig.manifest());
    promote(rig);
    assertThat(rig.manifest()).isEqualTo(before.promoted());
    assertThat(StateFile.of(rig.standbyDisk, Rig.STATE, StateFiles.SIGNATURE).exists()).isFalse();
  }

  @Test
  void aTargetThatHoldsNoEpochIsNotPromoted() throws IOException {
    Rig bare = new Rig();
    bare.bareImage(volume.old);
    assertThatThrownBy(() -> promote(bare)).hasMessageContaining("not known to be a standby");
    Rig seeding = new Rig();
    seeding.source(volume.old);
    seeding.standbyDisk.crashAt(6, random);
    assertThatThrownBy(seeding::replicate).isInstanceOf(IOException.class);
    Rig half = seeding.rebooted(random);
    Manifest manifest = half.manifest();
    if (manifest != null) {
      assertThat(manifest.state()).isEqualTo(ImageState.SEEDING);
    }
    assertThatThrownBy(() -> promote(half)).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @EnumSource
  void itIsPromotedOrStandsWhateverTheDiskDoes(Breakage breakage) throws IOException {
    Rig before = volume.cached();
    int promotions = 0;
    boolean finished = false;
    for (int n = 0; !finished; n++) {
      Rig rig = before.copy();
      breakage.arm(rig.standbyDisk, n, random);
      try {
        promote(rig);
        finished = rig.standbyDisk.operations() <= n;
      } catch (IOException e) {
        // As it should be.
      }
      Rig after = rig.rebooted(random);
      String what = breakage + " at operation " + n + ", seed " + seed;
      Manifest manifest = Objects.requireNonNull(after.manifest(), what);
      assertThat(manifest.epoch()).as(what).isOne();
      assertThat(after.image()).as(what).isEqualTo(volume.old);
      if (manifest.state() == ImageState.PROMOTED) {
        promotions++;
        assertThat(refusal(after, Purpose.REPLICATE, INIT)).as(what).isEqualTo(ExitCode.LINEAGE);
      } else {
        assertThat(after.replicate().epoch()).as(what).isEqualTo(2);
      }
    }
    assertThat(promotions).as("seed %d", seed).isPositive();
  }

  @Test
  void aSampleFindsAnImageThatIsNotTheEpoch() throws IOException {
    Rig rig = volume.cached();
    try (Standby standby = rig.open()) {
      ImageVerification sound = ImageVerification.sample(standby, SAMPLE, seed, Monitor.SILENT);
      assertThat(sound.isSound()).isTrue();
      assertThat(sound.bytesRead()).isEqualTo(volume.old.length);
    }
    rig.standbyDisk.preload(Rig.IMAGE, volume.next);
    try (Standby standby = rig.open()) {
      assertThat(ImageVerification.sample(standby, SAMPLE, seed, Monitor.SILENT).isSound())
          .isFalse();
    }
  }

  @Test
  void aSampleReadsAsManyBlocksAsItIsToldTo() throws IOException {
    Rig rig = new Rig();
    int blocks = 64;
    rig.source(Volumes.random(random, blocks * BlockSize.PAGE));
    rig.push(
        Purpose.REPLICATE,
        new Wishes(false, false, false, false, null, new BlockSize(BlockSize.PAGE)));
    try (Standby standby = rig.open()) {
      ImageVerification found = ImageVerification.sample(standby, 8, seed, Monitor.SILENT);
      assertThat(found.bytesRead()).isEqualTo(8L * BlockSize.PAGE);
      assertThat(found.isSound()).isTrue();
    }
  }

  @Test
  void theSameSeedReadsTheSameBlocks() throws IOException {
    Rig rig = new Rig();
    rig.source(Volumes.random(random, 64 * BlockSize.PAGE));
    rig.push(
        Purpose.REPLICATE,
        new Wishes(false, false, false, false, null, new BlockSize(BlockSize.PAGE)));
    byte[] other = rig.image();
    for (int at = 0; at < other.length; at += BlockSize.PAGE) {
      other[at] ^= 1;
    }
    rig.standbyDisk.preload(Rig.IMAGE, other);
    try (Standby standby = rig.open()) {
      ImageVerification first = ImageVerification.sample(standby, 4, seed, Monitor.SILENT);
      assertThat(first.differingBlocks()).isEqualTo(4);
      assertThat(ImageVerification.sample(standby, 4, seed, Monitor.SILENT).differences())
          .isEqualTo(first.differences());
      Set<List<Extent>> all = new HashSet<>();
      for (long each = 0; each < 100; each++) {
        all.add(ImageVerification.sample(standby, 4, each, Monitor.SILENT).differences());
      }
      assertThat(all).hasSize(16);
    }
  }
}
