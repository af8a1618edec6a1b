package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.extent.BlockSize;
import snapferry.journal.Manifest;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/**
 * Every write and every sync of every kind of run fails or is the last before a power cut, on
 * either end.
 */
@NullMarked
class CrashTest {
  private static final Wishes SMALL_BLOCKS =
      new Wishes(false, false, false, false, null, new BlockSize(8192));
  private static final Wishes INIT =
      new Wishes(true, false, false, false, null, new BlockSize(8192));
  private static final Wishes GROW = new Wishes(false, true, false, false, null, null);
  private static final Wishes FULL = new Wishes(false, false, true, false, null, null);
  private static final int SIZE = 9 * 8192 + 3 * 512;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final byte[] old = Volumes.random(random, SIZE);
  private final byte[] next = Volumes.edited(random, old, 3);

  @ParameterizedTest
  @EnumSource
  void anEpochIsTheOldOrTheNewWhateverTheStandbysDiskDoes(Breakage breakage) throws IOException {
    BrokenRuns.Count count = epochs().everyOperation(rig -> rig.standbyDisk, breakage);
    assertThat(count.renewed()).as("broken after the commit, seed %d", seed).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void anEpochIsTheOldOrTheNewWhateverTheSourcesDiskDoes(Breakage breakage) throws IOException {
    epochs().everyOperation(rig -> rig.sourceDisk, breakage);
  }

  @Test
  void aCrashOfTheRecoveryIsRecoveredFrom() throws IOException {
    BrokenRuns.Count count = epochs().everyOperationOfTheRecovery();
    assertThat(count.renewed()).as("seed %d", seed).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void aSeedGoesOnWhateverTheStandbysDiskDoes(Breakage breakage) throws IOException {
    seeds().everyOperation(rig -> rig.standbyDisk, breakage);
  }

  @ParameterizedTest
  @EnumSource
  void aSeedGoesOnWhateverTheSourcesDiskDoes(Breakage breakage) throws IOException {
    seeds().everyOperation(rig -> rig.sourceDisk, breakage);
  }

  @ParameterizedTest
  @EnumSource
  void aPulledEpochIsTheOldOrTheNewWhateverTheStandbysDiskDoes(Breakage breakage)
      throws IOException {
    pulls().everyOperation(rig -> rig.standbyDisk, breakage);
  }

  @Test
  void aPulledEpochIsTheOldOrTheNewWhereverTheSourceCrashes() throws IOException {
    pulls().everyOperation(rig -> rig.sourceDisk, Breakage.CRASH);
  }

  @ParameterizedTest
  @EnumSource
  void anAdoptedDeviceIsUntouchedOrSeedingOrSeededWhateverItDoes(Breakage breakage)
      throws IOException {
    adoptions().everyOperation(rig -> rig.standbyDisk, breakage);
  }

  @Test
  void anAdoptedDeviceIsUntouchedOrSeedingOrSeededWhereverTheSourceCrashes() throws IOException {
    adoptions().everyOperation(rig -> rig.sourceDisk, Breakage.CRASH);
  }

  @ParameterizedTest
  @EnumSource
  void aGrownEpochIsTheOldOrTheNewWhateverTheStandbysDiskDoes(Breakage breakage)
      throws IOException {
    BrokenRuns.Count count = growths().everyOperation(rig -> rig.standbyDisk, breakage);
    assertThat(count.renewed()).as("broken after the commit, seed %d", seed).isPositive();
  }

  @Test
  void aGrownEpochIsTheOldOrTheNewWhereverTheSourceCrashes() throws IOException {
    growths().everyOperation(rig -> rig.sourceDisk, Breakage.CRASH);
  }

  @ParameterizedTest
  @EnumSource
  void anEpochOfAFullComparisonIsTheOldOrTheNewWhateverTheStandbysDiskDoes(Breakage breakage)
      throws IOException {
    BrokenRuns.Count count = comparisons().everyOperation(rig -> rig.standbyDisk, breakage);
    assertThat(count.renewed()).as("broken after the commit, seed %d", seed).isPositive();
  }

  @Test
  void anEpochOfAFullComparisonIsTheOldOrTheNewWhereverTheSourceCrashes() throws IOException {
    comparisons().everyOperation(rig -> rig.sourceDisk, Breakage.CRASH);
  }

  @ParameterizedTest
  @EnumSource
  void anEpochOfCopiesIsTheOldOrTheNewWhateverTheStandbysDiskDoes(Breakage breakage)
      throws IOException {
    BrokenRuns.Count count = copies().everyOperation(rig -> rig.standbyDisk, breakage);
    assertThat(count.renewed()).as("broken after the commit, seed %d", seed).isPositive();
  }

  /** What the source's journal holds are changes of a signature that must be there as well. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSourceThatLosesTheAcknowledgementOfAllItReadKnowsItsSignature(boolean first)
      throws IOException {
    Rig before = first ? new Rig() : seeded(next);
    before.source(next);
    int committed = 0;
    for (int n = 0; ; n++) {
      String what = "crash at operation %d, seed %d".formatted(n, seed);
      Rig rig = before.copy();
      rig.sourceDisk.crashAt(n, random);
      try {
        rig.push(Purpose.REPLICATE, first ? SMALL_BLOCKS : FULL);
      } catch (IOException e) {
        // As arranged.
      }
      if (rig.sourceDisk.operations() <= n) {
        break;
      }
      Rig after = rig.copy();
      Manifest manifest = after.manifest();
      if (manifest != null && manifest.epoch() == (first ? 1 : 2)) {
        committed++;
        Notes notes = new Notes();
        after.monitor = notes;
        assertThat(after.replicate().blocksChanged()).as(what).isZero();
        assertThat(notes.warnings).as(what).isEmpty();
      }
    }
    assertThat(committed).as("seed %d", seed).isPositive();
  }

  @Test
  void aCrashOfTheRecoveryOfCopiesIsRecoveredFrom() throws IOException {
    BrokenRuns.Count count = copies().everyOperationOfTheRecovery();
    assertThat(count.renewed()).as("seed %d", seed).isPositive();
  }

  /** Everything moves over something that is needed elsewhere. */
  private BrokenRuns copies() throws IOException {
    random.nextBytes(old);
    byte[] rotated = Volumes.rotated(old, BlockSize.PAGE + BlockSize.SECTOR);
    Rig before = seeded(rotated);
    assertThat(before.copy().replicate().copiedBytes()).isGreaterThan(SIZE / 2);
    return runs(before, Rig::replicate, rotated);
  }

  private BrokenRuns epochs() throws IOException {
    return runs(seeded(next), Rig::replicate, next);
  }

  private BrokenRuns pulls() throws IOException {
    return runs(seeded(next), rig -> rig.pull(Purpose.REPLICATE, Wishes.NONE), next);
  }

  private BrokenRuns comparisons() throws IOException {
    return runs(seeded(next), pushing(FULL), next);
  }

  private BrokenRuns growths() throws IOException {
    byte[] grown = Arrays.copyOf(next, SIZE + 30_208);
    System.arraycopy(Volumes.random(random, 20_480), 0, grown, SIZE + 4096, 20_480);
    return runs(seeded(grown), pushing(GROW), grown);
  }

  private BrokenRuns seeds() throws IOException {
    Rig rig = new Rig();
    rig.source(next);
    return runs(rig, pushing(SMALL_BLOCKS), next);
  }

  private BrokenRuns adoptions() throws IOException {
    Rig rig = new Rig();
    rig.targetIsDevice = true;
    byte[] bare = Arrays.copyOf(old, SIZE + 20_480);
    Arrays.fill(bare, SIZE, bare.length, (byte) 7);
    rig.bareImage(bare);
    rig.source(next);
    return runs(rig, pushing(INIT), next);
  }

  private BrokenRuns runs(Rig before, BrokenRuns.Run run, byte[] expected) throws IOException {
    return new BrokenRuns(before, run, expected, seed);
  }

  private static BrokenRuns.Run pushing(Wishes wishes) {
    return rig -> rig.push(Purpose.REPLICATE, wishes);
  }

  /** A standby of the old content, and a source that meanwhile holds another. */
  private Rig seeded(byte[] content) throws IOException {
    Rig rig = new Rig();
    rig.source(old);
    rig.push(Purpose.REPLICATE, SMALL_BLOCKS);
    rig.source(content);
    return rig;
  }
}
