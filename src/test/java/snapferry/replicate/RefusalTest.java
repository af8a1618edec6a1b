package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import snapferry.delta.HashKind;
import snapferry.device.HostileDisk;
import snapferry.extent.BlockSize;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.StateFiles;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/**
 * A target that does not go with the source is refused with the right exit code, before anything of
 * it is written; and what the message offers works.
 */
@NullMarked
class RefusalTest {
  private static final Wishes SMALL_BLOCKS =
      new Wishes(false, false, false, false, null, new BlockSize(8192));
  private static final Wishes INIT = new Wishes(true, false, false, false, null, null);
  private static final Wishes GROW = new Wishes(false, true, false, false, null, null);
  private static final Wishes FULL = new Wishes(false, false, true, false, null, null);

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final byte[] first = Volumes.random(random, 30 * 8192 + 5 * 512);
  private final byte[] second = Volumes.edited(random, first, 5);
  private final byte[] third = Volumes.edited(random, second, 5);
  private Rig rig = new Rig();

  @BeforeEach
  void seedEpochOne() throws IOException {
    rig.source(first);
    rig.push(Purpose.REPLICATE, SMALL_BLOCKS);
  }

  @Test
  void anUnknownTargetIsRefusedUntilItIsAdopted() throws IOException {
    for (byte[] bare : new byte[][] {Volumes.random(random, first.length), second}) {
      Rig fresh = new Rig();
      fresh.source(first);
      fresh.bareImage(bare);
      refused(fresh, Wishes.NONE, ExitCode.LINEAGE);
      replicated(fresh, INIT, first);
    }
  }

  @Test
  void aNewVolumeThatAnotherRunMadeKnownMeanwhileKeepsThatIdentity() throws IOException {
    Rig fresh = new Rig();
    fresh.source(first);
    fresh.overtaken = true;
    assertThat(
            catchThrowableOfType(Failure.class, () -> fresh.push(Purpose.REPLICATE, Wishes.NONE)))
        .hasMessageContaining("another run to another standby")
        .extracting(Failure::exit)
        .isEqualTo(ExitCode.LOCKED);
    assertThat(fresh.hasImage()).isFalse();
    fresh.overtaken = false;
    replicated(fresh, Wishes.NONE, first);
  }

  @Test
  void anUnknownFileThatIsShorterIsAdoptedAndGrown() throws IOException {
    Rig fresh = new Rig();
    fresh.source(first);
    fresh.bareImage(Arrays.copyOf(second, 11 * 512));
    refused(fresh, INIT, ExitCode.SIZE);
    refused(fresh, GROW, ExitCode.LINEAGE);
    replicated(fresh, new Wishes(true, true, false, false, null, null), first);
  }

  @Test
  void anUnknownFileThatIsLongerIsRefusedAndAnUnknownDeviceKeepsItsTail() throws IOException {
    byte[] longer = Arrays.copyOf(second, second.length + 4096);
    Arrays.fill(longer, second.length, longer.length, (byte) 9);
    Rig fresh = new Rig();
    fresh.source(first);
    fresh.bareImage(longer);
    refused(fresh, new Wishes(true, true, false, false, null, null), ExitCode.SIZE);
    fresh.targetIsDevice = true;
    byte[] expected = longer.clone();
    System.arraycopy(first, 0, expected, 0, first.length);
    replicated(fresh, INIT, expected);
    fresh.source(second);
    System.arraycopy(second, 0, expected, 0, second.length);
    replicated(fresh, Wishes.NONE, expected);
  }

  @Test
  void aDeviceThatIsTooSmallIsRefused() throws IOException {
    Rig fresh = new Rig();
    fresh.targetIsDevice = true;
    fresh.source(first);
    fresh.bareImage(Arrays.copyOf(second, second.length - 512));
    refused(fresh, new Wishes(true, true, false, false, null, null), ExitCode.SIZE);
  }

  @Test
  void aSourceThatGrewNeedsGrowAndOneThatShrankIsRefused() throws IOException {
    byte[] grown = Arrays.copyOf(second, second.length + 3 * 8192);
    Arrays.fill(grown, grown.length - 700, grown.length, (byte) 3);
    rig.source(grown);
    refused(rig, Wishes.NONE, ExitCode.SIZE);
    replicated(rig, GROW, grown);
    rig.source(first);
    refused(rig, GROW, ExitCode.SIZE);
    refused(rig, FULL, ExitCode.SIZE);
    refused(rig, INIT, ExitCode.SIZE);
  }

  @Test
  void aGrownDeviceTakesMoreOfTheSource() throws IOException {
    Rig fresh = new Rig();
    fresh.targetIsDevice = true;
    fresh.source(first);
    fresh.bareImage(new byte[first.length + 8192]);
    fresh.push(Purpose.REPLICATE, INIT);
    byte[] grown = Arrays.copyOf(second, second.length + 8192);
    Arrays.fill(grown, second.length, grown.length, (byte) 5);
    fresh.source(grown);
    replicated(fresh, Wishes.NONE, grown);
  }

  @Test
  void swappedTargetsAreRefused() throws IOException {
    Rig other = new Rig();
    other.source(first);
    other.push(Purpose.REPLICATE, SMALL_BLOCKS);
    Rig swapped = rig.on(rig.sourceDisk, other.standbyDisk);
    swapped.source(second);
    refused(swapped, Wishes.NONE, ExitCode.LINEAGE);
    refused(swapped, INIT, ExitCode.LINEAGE);
    refused(swapped, FULL, ExitCode.LINEAGE);
  }

  @Test
  void anotherStandbyOfTheSameSourceIsNotMistakenForTheFirst() throws IOException {
    Rig other = rig.on(rig.sourceDisk, new HostileDisk());
    other.source(second);
    replicated(other, Wishes.NONE, second);
    rig.source(third);
    replicated(rig, Wishes.NONE, third);
    replicated(other, Wishes.NONE, third);
    assertThat(rig.manifest()).isNotNull();
    assertThat(other.manifest()).isNotNull();
    assertThat(other.manifest().standby()).isNotEqualTo(rig.manifest().standby());
    assertThat(other.manifest().volume()).isEqualTo(rig.manifest().volume());
  }

  @Test
  void aRestoredImageIsRefusedUntilItIsCompared() throws IOException {
    HostileDisk older = rig.standbyDisk.rebootKeepingNone();
    rig.standbyDisk = older.rebootKeepingNone();
    rig.source(second);
    replicated(rig, Wishes.NONE, second);
    Rig restored = rig.on(rig.sourceDisk, older.rebootKeepingNone());
    restored.source(third);
    refused(restored, Wishes.NONE, ExitCode.LINEAGE);
    refused(restored, FULL, ExitCode.LINEAGE);
    replicated(restored, INIT, third);
    restored.source(first);
    replicated(restored, Wishes.NONE, first);
  }

  @Test
  void aRestoredSourceRecordIsRefusedUntilItIsCompared() throws IOException {
    HostileDisk older = rig.sourceDisk.rebootKeepingNone();
    rig.sourceDisk = older.rebootKeepingNone();
    rig.source(second);
    replicated(rig, Wishes.NONE, second);
    Rig restored = rig.on(older.rebootKeepingNone(), rig.standbyDisk);
    restored.source(third);
    refused(restored, Wishes.NONE, ExitCode.LINEAGE);
    replicated(restored, INIT, third);
  }

  @Test
  void aSourceThatForgotWhoItIsIsRefusedUntilItIsCompared() throws IOException {
    String record = rig.sourceRecord();
    StateFile.of(rig.sourceDisk, Rig.IDENTITY, "volume").delete();
    rig.source(second);
    refused(rig, Wishes.NONE, ExitCode.LINEAGE);
    StateFile.of(rig.sourceDisk, record, StateFiles.MANIFEST).delete();
    refused(rig, FULL, ExitCode.LINEAGE);
    replicated(rig, INIT, second);
    rig.source(third);
    replicated(rig, Wishes.NONE, third);
  }

  @Test
  void aLostRecordOfTheStandbyCostsTheSignatureAndNothingElse() throws IOException {
    StateFile.of(rig.sourceDisk, rig.sourceRecord(), StateFiles.MANIFEST).delete();
    rig.source(second);
    Summary summary = replicated(rig, Wishes.NONE, second);
    assertThat(summary.bytesReceived()).as("a signature, seed %d", seed).isGreaterThan(10 * 40);
    rig.source(third);
    replicated(rig, Wishes.NONE, third);
  }

  @Test
  void aLostSignatureOfTheStandbyCostsAReadingAndNothingElse() throws IOException {
    StateFile.of(rig.standbyDisk, Rig.STATE, StateFiles.SIGNATURE).delete();
    rig.source(second);
    Summary summary = replicated(rig, Wishes.NONE, second);
    assertThat(summary.basisRead()).as("read, seed %d", seed).isGreaterThan(first.length / 3);
    try (Standby standby = rig.open()) {
      assertThat(ImageVerification.verify(standby, Monitor.SILENT).isSound()).isTrue();
    }
    rig.source(third);
    replicated(rig, Wishes.NONE, third);
  }

  @Test
  void aLostStateOfTheStandbyIsRefusedUntilTheImageIsAdopted() throws IOException {
    StateFile.of(rig.standbyDisk, Rig.STATE, StateFiles.MANIFEST).delete();
    StateFile.of(rig.standbyDisk, Rig.STATE, StateFiles.SIGNATURE).delete();
    rig.source(second);
    refused(rig, Wishes.NONE, ExitCode.LINEAGE);
    replicated(rig, INIT, second);
    rig.source(third);
    replicated(rig, Wishes.NONE, third);
  }

  @Test
  void anImageThatWasRemovedIsNotSeededUnderAnOldState() throws IOException {
    rig.standbyDisk.preload(Rig.IMAGE, new byte[0]);
    rig.source(second);
    Failure failure = failure(rig, Wishes.NONE);
    assertThat(failure.exit()).isEqualTo(ExitCode.LINEAGE);
  }

  @Test
  void anImageThatIsShorterThanItsEpochIsRefusedUntilItIsAdopted() throws IOException {
    rig.standbyDisk.preload(Rig.IMAGE, Arrays.copyOf(first, first.length - 8192));
    rig.source(second);
    refused(rig, GROW, ExitCode.INTEGRITY);
    replicated(rig, new Wishes(true, true, false, false, null, null), second);
  }

  @Test
  void anImageThatWasChangedBehindOurBackIsRefusedUntilItIsCompared() throws IOException {
    byte[] tampered = first.clone();
    tampered[10 * 8192 + 17] ^= 4;
    rig.standbyDisk.preload(Rig.IMAGE, tampered);
    byte[] changed = first.clone();
    changed[10 * 8192 + 5000] ^= 1;
    rig.source(changed);
    refused(rig, Wishes.NONE, ExitCode.INTEGRITY);
    replicated(rig, FULL, changed);
  }

  @Test
  void zerosAreNotWrittenOverWhatWasChangedBehindOurBack() throws IOException {
    byte[] content = first.clone();
    Arrays.fill(content, 10 * 8192, 14 * 8192, (byte) 1);
    rig.source(content);
    replicated(rig, Wishes.NONE, content);
    byte[] tampered = content.clone();
    tampered[12 * 8192 + 17] ^= 4;
    rig.standbyDisk.preload(Rig.IMAGE, tampered);
    byte[] changed = content.clone();
    Arrays.fill(changed, 10 * 8192, 14 * 8192, (byte) 0);
    rig.source(changed);
    refused(rig, Wishes.NONE, ExitCode.INTEGRITY);
    replicated(rig, FULL, changed);
  }

  @Test
  void anotherBlockSizeOrHashNeedsAFullComparison() throws IOException {
    rig.source(second);
    Wishes other = new Wishes(false, false, false, false, HashKind.SHA256, new BlockSize(4096));
    refused(rig, other, ExitCode.USAGE);
    replicated(rig, new Wishes(false, false, true, false, other.hash(), other.blockSize()), second);
    assertThat(rig.manifest()).isNotNull();
    assertThat(rig.manifest().shape().geometry().blockSize().bytes()).isEqualTo(4096);
    rig.source(third);
    replicated(rig, Wishes.NONE, third);
  }

  private Summary replicated(Rig on, Wishes wishes, byte[] expected) throws IOException {
    Summary summary = on.push(Purpose.REPLICATE, wishes);
    assertThat(Arrays.equals(on.image(), expected)).as("seed %d", seed).isTrue();
    return summary;
  }

  /** Pushed or pulled, it is refused; and nothing is written to the standby at all. */
  private void refused(Rig on, Wishes wishes, ExitCode exit) throws IOException {
    byte[] image = on.image();
    int operations = on.standbyDisk.operations();
    for (int i = 0; i < 2; i++) {
      boolean push = i == 0;
      Failure failure =
          catchThrowableOfType(
              Failure.class,
              () -> {
                if (push) {
                  on.push(Purpose.REPLICATE, wishes);
                } else {
                  on.pull(Purpose.REPLICATE, wishes);
                }
              });
      assertThat(failure).as("push %s, seed %d", push, seed).isNotNull();
      assertThat(failure.exit()).as("%s, seed %d", failure.getMessage(), seed).isEqualTo(exit);
    }
    assertThat(Arrays.equals(on.image(), image)).as("seed %d", seed).isTrue();
    if (exit != ExitCode.INTEGRITY) {
      assertThat(on.standbyDisk.operations()).as("seed %d", seed).isEqualTo(operations);
    }
  }

  private static Failure failure(Rig on, Wishes wishes) {
    return catchThrowableOfType(Failure.class, () -> on.push(Purpose.REPLICATE, wishes));
  }
}
