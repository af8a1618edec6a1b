package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import snapferry.device.HostileDisk;
import snapferry.journal.ImageState;
import snapferry.journal.Manifest;

/**
 * Breaks a run at each operation of a disk in turn, reboots and recovers. Then the image is what it
 * was or what it was to become (I1), a seed says that it is one, what the standby says of itself is
 * true, and the same run succeeds.
 */
@NullMarked
final class BrokenRuns {
  /** One run of a rig. */
  interface Run {
    Summary on(Rig rig) throws IOException;
  }

  private final Rig before;
  private final Run run;
  private final byte[] next;
  private final long seed;
  private final Random random;
  private final byte @Nullable [] old;
  private final long epoch;

  /**
   * @param before both ends before the run, the source with its new content
   * @param next what the image starts with after the run; what follows is none of its business
   */
  BrokenRuns(Rig before, Run run, byte[] next, long seed) throws IOException {
    Rig rig = before.copy();
    Manifest manifest = rig.manifest();
    this.old = rig.hasImage() ? rig.image() : null;
    this.epoch = manifest == null ? 0 : manifest.epoch();
    this.before = before;
    this.run = run;
    this.next = next;
    this.seed = seed;
    this.random = new Random(seed);
  }

  /** Where it breaks, and how many of the broken runs had made the new epoch all the same. */
  record Count(int broken, int renewed) {}

  /** Breaks the run at each operation of {@code disk}, until it is over before that. */
  Count everyOperation(Function<Rig, HostileDisk> disk, Breakage breakage) throws IOException {
    int renewed = 0;
    for (int n = 0; ; n++) {
      Rig rig = before.copy();
      HostileDisk broken = disk.apply(rig);
      breakage.arm(broken, n, random);
      boolean finished = finishes(rig);
      if (finished && broken.operations() <= n) {
        return new Count(n, renewed);
      }
      renewed += check(rig.rebooted(random), breakage + " at operation " + n) ? 1 : 0;
    }
  }

  /** Crashes the standby at each operation, and the recovery of it at each operation of its own. */
  Count everyOperationOfTheRecovery() throws IOException {
    int crashes = 0;
    int renewed = 0;
    for (int first = 0; ; first++) {
      Rig rig = before.copy();
      rig.standbyDisk.crashAt(first, random);
      if (finishes(rig)) {
        return new Count(crashes, renewed);
      }
      boolean crashed = true;
      for (int second = 0; crashed; second++) {
        Rig recovering = rig.rebooted(random);
        recovering.standbyDisk.crashAt(second, random);
        crashed = !opens(recovering);
        crashes++;
        String what = "crash at operation " + first + ", of its recovery at " + second;
        renewed += check(recovering.rebooted(random), what) ? 1 : 0;
      }
    }
  }

  private boolean finishes(Rig rig) {
    try {
      run.on(rig);
      return true;
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

  /** Returns whether the broken run made the new epoch. */
  private boolean check(Rig rig, String where) throws IOException {
    String what = where + ", seed " + seed;
    boolean renewed;
    try (Standby standby = rig.open()) {
      assertThat(standby.damage()).as(what).isNull();
      Manifest manifest = standby.manifest();
      renewed = manifest != null && manifest.epoch() == epoch + 1;
      if (renewed) {
        checkStart(rig, what);
      } else if (epoch > 0) {
        assertThat(manifest).as(what).isNotNull();
        assertThat(manifest.epoch()).as(what).isEqualTo(epoch);
      }
      boolean untouched = manifest == null || manifest.state() == ImageState.STANDING;
      if (!renewed && old != null && untouched) {
        assertThat(rig.image()).as(what).isEqualTo(old);
      }
      if (standby.signature() != null) {
        assertThat(ImageVerification.verify(standby, Monitor.SILENT).isSound()).as(what).isTrue();
      }
    }
    Summary again = run.on(rig);
    assertThat(again.epoch()).as(what).isEqualTo(renewed ? epoch + 2 : epoch + 1);
    checkStart(rig, what + ", run again");
    return renewed;
  }

  private void checkStart(Rig rig, String what) {
    byte[] image = rig.image();
    assertThat(Arrays.copyOf(image, next.length)).as(what).isEqualTo(next);
    if (old != null && old.length > next.length) {
      assertThat(Arrays.copyOfRange(image, next.length, image.length))
          .as("%s, behind the volume", what)
          .isEqualTo(Arrays.copyOfRange(old, next.length, old.length));
    } else {
      assertThat(image).as(what).hasSameSizeAs(next);
    }
  }
}
