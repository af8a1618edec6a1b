package snapferry.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import snapferry.device.HostileDisk;

/**
 * Every write and every sync of a tracked volume fails or is the last before a power cut: whatever
 * may have reached the device since a base is marked since that base.
 */
@NullMarked
class DirtyMapCrashTest {
  private static final long SEED = Long.getLong("snapferry.seed", new Random().nextLong());
  private static final int WRITES = 12;

  /** What a standby is known to hold once {@link #load} got so far. */
  private long promised;

  /**
   * Writes, two epochs of one standby and one of another, an end in good order, and more writes.
   */
  private void load(MapRig rig) throws IOException {
    Random random = new Random(SEED);
    promised = 0;
    try (MapRig.Open open = rig.open()) {
      for (int i = 0; i < WRITES; i++) {
        open.write(random);
      }
      long first = open.rotate();
      open.map.keep(MapRig.epoch(1, 0), MapRig.epoch(1, 1), first);
      promised = 1;
      open.map.acknowledged(MapRig.epoch(1, 1));
      for (int i = 0; i < WRITES; i++) {
        open.write(random);
      }
      open.volume.sync();
      long other = open.rotate();
      open.map.keep(MapRig.epoch(2, 0), MapRig.epoch(2, 1), other);
      open.write(random);
      open.map.stop(MapRig.SIGHT);
    }
    try (MapRig.Open open = rig.open()) {
      for (int i = 0; i < WRITES; i++) {
        open.write(random);
      }
      long second = open.rotate();
      open.map.keep(MapRig.epoch(1, 1), MapRig.epoch(1, 2), second);
      promised = 2;
      open.write(random);
      open.map.acknowledged(MapRig.epoch(1, 2));
      open.write(random);
    }
  }

  private int operations() throws IOException {
    MapRig rig = new MapRig(new Random(SEED));
    load(rig);
    check(rig, "undisturbed");
    assertThat(promised).isEqualTo(2);
    return rig.disk.operations();
  }

  @Test
  void whatMayHaveReachedTheDeviceBeforeAPowerCutIsMarked() throws IOException {
    int operations = operations();
    for (int crash = 0; crash < operations; crash++) {
      MapRig rig = new MapRig(new Random(SEED));
      rig.disk.crashAt(crash, new Random(SEED + crash));
      try {
        load(rig);
      } catch (IOException e) {
        // As arranged.
      }
      rig.disk = rig.disk.reboot(new Random(SEED - crash));
      check(rig, "crash at " + crash);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"WRITE_ERROR", "SYNC_ERROR"})
  void whatMayHaveReachedADeviceThatFailsIsMarked(HostileDisk.Fault fault) throws IOException {
    int operations = operations();
    for (int at = 0; at < operations; at++) {
      MapRig rig = new MapRig(new Random(SEED));
      rig.disk.failAt(at, fault);
      try {
        load(rig);
      } catch (IOException e) {
        // As arranged; who wrote was told.
      }
      rig.disk = rig.disk.reboot(new Random(SEED - at));
      check(rig, fault + " at " + at);
    }
  }

  @Test
  void whatIsWrittenAfterARecoveryIsMarkedToo() throws IOException {
    int operations = operations();
    for (int crash = 0; crash < operations; crash += 3) {
      MapRig rig = new MapRig(new Random(SEED));
      rig.disk.crashAt(crash, new Random(SEED + crash));
      try {
        load(rig);
      } catch (IOException e) {
        // As arranged.
      }
      rig.disk = rig.disk.reboot(new Random(SEED - crash));
      Random random = new Random(SEED + crash);
      try (MapRig.Open open = rig.open()) {
        for (int i = 0; i < WRITES; i++) {
          open.write(random);
        }
      }
      check(rig, "writes after crash at " + crash);
    }
  }

  private void check(MapRig rig, String what) throws IOException {
    try (MapRig.Open open = rig.open()) {
      for (Base base : open.map.bases().all()) {
        assertThat(rig.forgotten(open.map, base.generation()))
            .as("%s, %s, seed %d", what, base, SEED)
            .isEmpty();
      }
      if (promised > 0) {
        assertThat(open.map.bases().all())
            .as("%s, seed %d", what, SEED)
            .anyMatch(base -> base.epoch().equals(MapRig.epoch(1, promised)));
      }
    }
  }
}
