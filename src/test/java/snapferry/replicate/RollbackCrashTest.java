package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import snapferry.device.HostileDisk;

/**
 * Every write and every sync of an epoch that keeps what it overwrites, and of a rollback, fails or
 * is the last before a power cut: the image is the old epoch or the new one, and all of the past
 * that was to be kept is there.
 */
@NullMarked
class RollbackCrashTest {
  private static final int KEEP = 3;
  private static final int EPOCHS = 5;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  @ParameterizedTest
  @EnumSource
  void whatLeadsBackIsThereAsSoonAsTheEpochIs(Breakage breakage) throws IOException {
    KeptEpochs before = KeptEpochs.make(random, EPOCHS, KEEP);
    byte[] next = Volumes.edited(random, before.content(EPOCHS), 4);
    int renewed = 0;
    boolean finished = false;
    for (int n = 0; !finished; n++) {
      KeptEpochs broken = before.copy();
      finished = breaks(broken, breakage, n, () -> broken.push(next));
      KeptEpochs after = broken.on(broken.rig().rebooted(random));
      String what = breakage + " at operation " + n + ", seed " + seed;
      long epoch = after.epoch();
      assertThat(epoch).as(what).isBetween((long) EPOCHS, EPOCHS + 1L);
      renewed += epoch > EPOCHS ? 1 : 0;
      assertThat(after.rig().image())
          .as(what)
          .isEqualTo(epoch > EPOCHS ? next : before.content(EPOCHS));
      KeptEpochs back = after.copy();
      back.rollBack(epoch - KEEP);
      back.check(epoch - KEEP, what);
    }
    assertThat(renewed).as("seed %d", seed).isPositive();
  }

  @ParameterizedTest
  @EnumSource
  void aRollbackIsTheOldEpochOrTheNewWhateverTheDiskDoes(Breakage breakage) throws IOException {
    checkRollbacks(KeptEpochs.make(random, EPOCHS, KEEP), EPOCHS - KEEP, breakage);
  }

  @ParameterizedTest
  @EnumSource
  void aRollbackToASmallerVolumeIsTheOldEpochOrTheNew(Breakage breakage) throws IOException {
    checkRollbacks(grown(), 1, breakage);
  }

  @ParameterizedTest
  @EnumSource
  void aRollbackToALargerVolumeIsTheOldEpochOrTheNew(Breakage breakage) throws IOException {
    KeptEpochs epochs = grown();
    epochs.rollBack(1);
    checkRollbacks(epochs, 2, breakage);
  }

  private KeptEpochs grown() throws IOException {
    KeptEpochs epochs = KeptEpochs.make(random, 1, KEEP);
    byte[] grown = Arrays.copyOf(epochs.content(1), KeptEpochs.SIZE + 30_208);
    byte[] tail = Volumes.random(random, 20_480);
    System.arraycopy(tail, 0, grown, KeptEpochs.SIZE + 4096, tail.length);
    epochs.push(Volumes.edited(random, grown, 3));
    return epochs;
  }

  private void checkRollbacks(KeptEpochs before, long goal, Breakage breakage) throws IOException {
    long old = before.last();
    int renewed = 0;
    boolean finished = false;
    for (int n = 0; !finished; n++) {
      KeptEpochs broken = before.copy();
      finished = breaks(broken, breakage, n, () -> broken.rollBack(goal));
      KeptEpochs after = broken.on(broken.rig().rebooted(random));
      renewed += check(after, before, goal, breakage + " at operation " + n) ? 1 : 0;
    }
    assertThat(renewed).as("of %d, seed %d", old, seed).isPositive();
  }

  @Test
  void aCrashOfTheRecoveryOfARollbackIsRecoveredFrom() throws IOException {
    KeptEpochs before = grown();
    boolean finished = false;
    for (int first = 0; !finished; first++) {
      KeptEpochs broken = before.copy();
      finished = breaks(broken, Breakage.CRASH, first, () -> broken.rollBack(1));
      HostileDisk left = broken.rig().standbyDisk;
      boolean crashed = true;
      for (int second = 0; crashed; second++) {
        KeptEpochs recovering =
            before.on(broken.rig().on(broken.rig().sourceDisk, left.reboot(random)));
        recovering.rig().standbyDisk.crashAt(second, random);
        crashed = !opens(recovering.rig());
        KeptEpochs after =
            before.on(recovering.rig().on(left, recovering.rig().standbyDisk.reboot(random)));
        String what = "crash at operation " + first + ", of its recovery at " + second;
        checkHeld(after, before, 1, what);
      }
    }
  }

  private interface Deed {
    void run() throws IOException;
  }

  /** Returns whether it was over before it could break. */
  private boolean breaks(KeptEpochs epochs, Breakage breakage, int operation, Deed deed) {
    HostileDisk disk = epochs.rig().standbyDisk;
    breakage.arm(disk, operation, random);
    try {
      deed.run();
      return disk.operations() <= operation;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean opens(Rig rig) {
    try {
      rig.open().close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns whether the standby went back. */
  private boolean check(KeptEpochs after, KeptEpochs before, long goal, String where)
      throws IOException {
    boolean renewed = checkHeld(after, before, goal, where);
    KeptEpochs again = before.on(after.rig().copy());
    again.rollBack(renewed ? before.last() : goal);
    again.check(renewed ? before.last() : goal, where + ", and rolled back, seed " + seed);
    return renewed;
  }

  private boolean checkHeld(KeptEpochs after, KeptEpochs before, long goal, String where)
      throws IOException {
    String what = where + ", seed " + seed;
    try (Standby standby = after.rig().open()) {
      assertThat(standby.damage()).as(what).isNull();
    }
    long epoch = after.epoch();
    boolean renewed = epoch == before.last() + 1;
    assertThat(renewed || epoch == before.last()).as(what).isTrue();
    assertThat(after.rig().image())
        .as(what)
        .isEqualTo(before.content(renewed ? goal : before.last()));
    return renewed;
  }
}
