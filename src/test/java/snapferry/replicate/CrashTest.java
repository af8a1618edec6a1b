package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.device.HostileDisk;
import snapferry.extent.BlockSize;
import snapferry.journal.ImageState;
import snapferry.journal.Manifest;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/**
 * Loops over every write and every sync of a run, breaks the disk there, reboots and recovers: the
 * image is the old epoch or the new one (I1), a seed goes on, and the next run succeeds.
 */
@NullMarked
class CrashTest {
  private static final Wishes SMALL_BLOCKS =
      new Wishes(false, false, false, null, new BlockSize(8192));
  private static final int SIZE = 20 * 8192 + 3 * 512;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final byte[] old = Volumes.random(random, SIZE);
  private final byte[] next = Volumes.edited(random, old, 6);

  /** What breaks, at the n-th operation. */
  private interface Breakage {
    void arm(HostileDisk disk, int operation);
  }

  @Test
  void aCrashOfTheStandbyAtAnyOperationOfAnEpochLeavesTheOldOrTheNew() throws IOException {
    int committed = everyOperation(rig -> rig.standbyDisk, (disk, n) -> disk.crashAt(n, random));
    assertThat(committed).as("crashes after the commit, seed %d", seed).isPositive();
  }

  @Test
  void aCrashOfTheSourceAtAnyOperationOfAnEpochLeavesTheOldOrTheNew() throws IOException {
    everyOperation(rig -> rig.sourceDisk, (disk, n) -> disk.crashAt(n, random));
  }

  @Test
  void aFailedWriteOfTheStandbyLeavesTheOldOrTheNew() throws IOException {
    everyOperation(
        rig -> rig.standbyDisk, (disk, n) -> disk.failAt(n, HostileDisk.Fault.WRITE_ERROR));
  }

  @Test
  void aFailedSyncOfTheStandbyLeavesTheOldOrTheNew() throws IOException {
    everyOperation(
        rig -> rig.standbyDisk, (disk, n) -> disk.failAt(n, HostileDisk.Fault.SYNC_ERROR));
  }

  @Test
  void aFullDiskOfTheStandbyLeavesTheOldOrTheNew() throws IOException {
    everyOperation(
        rig -> rig.standbyDisk, (disk, n) -> disk.failAt(n, HostileDisk.Fault.DISK_FULL));
  }

  @Test
  void aFailedSyncOrWriteOfTheSourcesRecordDoesNoHarm() throws IOException {
    everyOperation(
        rig -> rig.sourceDisk, (disk, n) -> disk.failAt(n, HostileDisk.Fault.SYNC_ERROR));
    everyOperation(
        rig -> rig.sourceDisk, (disk, n) -> disk.failAt(n, HostileDisk.Fault.WRITE_ERROR));
  }

  @Test
  void aCrashOfTheStandbyAtAnyOperationOfASeedLeavesASeedThatGoesOn() throws IOException {
    everySeedOperation((disk, n) -> disk.crashAt(n, random));
  }

  @Test
  void aFaultOfTheStandbysDiskAtAnyOperationOfASeedLeavesASeedThatGoesOn() throws IOException {
    everySeedOperation((disk, n) -> disk.failAt(n, HostileDisk.Fault.WRITE_ERROR));
    everySeedOperation((disk, n) -> disk.failAt(n, HostileDisk.Fault.SYNC_ERROR));
    everySeedOperation((disk, n) -> disk.failAt(n, HostileDisk.Fault.DISK_FULL));
  }

  @Test
  void aCrashOfTheRecoveryAtAnyOperationIsRecoveredFrom() throws IOException {
    for (int first = 0; ; first++) {
      Rig rig = seeded();
      rig.source(next);
      rig.standbyDisk.crashAt(rig.standbyDisk.operations() + first, random);
      if (runs(rig)) {
        return;
      }
      for (int second = 0; crashesAgain(rig, first, second); second++) {}
    }
  }

  /** Returns whether the recovery got as far as the second crash. */
  private boolean crashesAgain(Rig crashed, int first, int second) throws IOException {
    Rig rig = crashed.rebooted(random);
    rig.standbyDisk.crashAt(second, random);
    boolean again = false;
    try {
      rig.open().close();
    } catch (IOException e) {
      again = true;
    }
    check(rig.rebooted(random), "crash at operation " + first + ", of its recovery at " + second);
    return again;
  }

  /**
   * Breaks the disk at each operation of an epoch in turn; returns how often the new one came out.
   */
  private int everyOperation(Function<Rig, HostileDisk> disk, Breakage breakage)
      throws IOException {
    int renewed = 0;
    for (int n = 0; ; n++) {
      Rig rig = seeded();
      rig.source(next);
      HostileDisk broken = disk.apply(rig);
      int from = broken.operations();
      breakage.arm(broken, from + n);
      boolean finished = runs(rig);
      if (finished && broken.operations() <= from + n) {
        return renewed;
      }
      renewed += check(rig.rebooted(random), "operation " + n) ? 1 : 0;
    }
  }

  /** Recovers, sees one epoch, runs again, sees the new one. Returns whether the first was new. */
  private boolean check(Rig rig, String what) throws IOException {
    boolean renewed;
    try (Standby standby = rig.open()) {
      Manifest manifest = standby.manifest();
      assertThat(manifest).as("%s, seed %d: %s", what, seed, standby.damage()).isNotNull();
      renewed = manifest.epoch() == 2;
      assertThat(rig.image())
          .as("%s, epoch %d, seed %d", what, manifest.epoch(), seed)
          .isEqualTo(renewed ? next : old);
      if (standby.signature() != null) {
        assertThat(ImageVerification.verify(standby, Monitor.SILENT).isSound())
            .as("%s, epoch %d, seed %d", what, manifest.epoch(), seed)
            .isTrue();
      }
    }
    rig.source(next);
    Summary summary = rig.replicate();
    assertThat(summary.epoch()).as("%s, seed %d", what, seed).isEqualTo(renewed ? 3 : 2);
    assertThat(rig.image()).as("%s, run again, seed %d", what, seed).isEqualTo(next);
    return renewed;
  }

  private void everySeedOperation(Breakage breakage) throws IOException {
    for (int n = 0; ; n++) {
      Rig rig = new Rig();
      rig.source(next);
      breakage.arm(rig.standbyDisk, n);
      boolean finished = runs(rig);
      if (finished && rig.standbyDisk.operations() <= n) {
        return;
      }
      rig = rig.rebooted(random);
      try (Standby standby = rig.open()) {
        Manifest manifest = standby.manifest();
        if (manifest != null && manifest.state() == ImageState.STANDING) {
          assertThat(rig.image()).as("operation %d, seed %d", n, seed).isEqualTo(next);
        }
      }
      Summary summary = rig.replicate();
      assertThat(summary.epoch()).as("operation %d, seed %d", n, seed).isBetween(1L, 2L);
      assertThat(rig.image()).as("operation %d, seed %d", n, seed).isEqualTo(next);
    }
  }

  private Rig seeded() throws IOException {
    Rig rig = new Rig();
    rig.source(old);
    rig.push(Purpose.REPLICATE, SMALL_BLOCKS);
    return rig;
  }

  private static boolean runs(Rig rig) {
    try {
      rig.push(Purpose.REPLICATE, SMALL_BLOCKS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
