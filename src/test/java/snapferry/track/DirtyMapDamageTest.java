package snapferry.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import snapferry.device.VolumeSight;
import snapferry.failure.Failure;

/** A map that is not what was written is never believed further than it can be. */
@NullMarked
class DirtyMapDamageTest {
  private static final long SEED = Long.getLong("snapferry.seed", new Random().nextLong());

  private final Random random = new Random(SEED);
  private final MapRig rig = new MapRig(random);
  private byte[] file = {};

  @BeforeEach
  void makeAMapWithTwoBases() throws IOException {
    try (MapRig.Open open = rig.open()) {
      open.write(random);
      open.map.keep(MapRig.epoch(1, 0), MapRig.epoch(1, 1), open.rotate());
      open.write(random);
      open.map.keep(MapRig.epoch(2, 0), MapRig.epoch(2, 1), open.rotate());
      open.write(random);
      open.write(random);
      open.map.stop(MapRig.SIGHT);
    }
    file = rig.mapFile();
  }

  @Test
  void aFlippedBitAnywhereCostsReadingAtMost() throws IOException {
    for (int at = 0; at < file.length; at += at % 4096 < 400 && at < 8192 ? 1 : 23) {
      byte[] garbled = file.clone();
      garbled[at] ^= (byte) (1 << random.nextInt(8));
      check(garbled, "byte " + at);
    }
  }

  @Test
  void aMapThatEndsAnywhereIsMadeAnew() throws IOException {
    for (int length = 0; length < file.length; length += 131) {
      assertThat(check(Arrays.copyOf(file, length), "length " + length)).isZero();
    }
    assertThat(check(Arrays.copyOf(file, file.length + 512), "too long")).isZero();
  }

  @Test
  void sectorsOfZerosOrNoiseOrOfAnotherPlaceCostReadingAtMost() throws IOException {
    for (int at = 0; at < file.length; at += 512) {
      byte[] zeros = file.clone();
      Arrays.fill(zeros, at, at + 512, (byte) 0);
      check(zeros, "zeros at " + at);
      byte[] noise = file.clone();
      byte[] bytes = new byte[512];
      random.nextBytes(bytes);
      System.arraycopy(bytes, 0, noise, at, 512);
      check(noise, "noise at " + at);
      byte[] moved = file.clone();
      System.arraycopy(file, 8192 + 512 * random.nextInt(2), moved, at, 512);
      check(moved, "a stamp sector at " + at);
    }
  }

  @Test
  void aRegionWhoseStampIsGarbledIsReadAndCanBeMarkedAgain() throws IOException {
    byte[] garbled = file.clone();
    garbled[8192 + 17] ^= 1;
    MapRig damaged = rig.with(garbled);
    try (MapRig.Open open = damaged.open()) {
      open.map.mark(0, 1);
      long[] changed = new long[1];
      open.map.changesSince(open.map.generation(), extent -> changed[0] += extent.length());
      assertThat(changed[0]).as("all regions of the sector").isEqualTo(127L * 4096);
    }
  }

  private int check(byte[] garbled, String what) throws IOException {
    MapRig damaged = rig.with(garbled);
    try (MapRig.Open open = damaged.open()) {
      for (Base base : open.map.bases().all()) {
        assertThat(damaged.forgotten(open.map, base.generation()))
            .as("%s, %s, seed %d", what, base, SEED)
            .isEmpty();
      }
      return open.map.bases().all().size();
    }
  }

  @Test
  void aMapOfAnotherVolumeOrOfOneThatWasWrittenToIsMadeAnew() throws IOException {
    VolumeSight sight = MapRig.SIGHT;
    assertThat(basesFor(sight)).isEqualTo(2);
    assertThat(basesFor(new VolumeSight(sight.size(), "dm x", sight.boot(), 7, 1001))).isZero();
    assertThat(basesFor(new VolumeSight(sight.size(), "dm x", sight.boot(), 8, 1000))).isZero();
    assertThat(basesFor(new VolumeSight(sight.size(), "dm y", sight.boot(), 7, 1000))).isZero();
    assertThat(basesFor(new VolumeSight(sight.size() - 512, "dm x", sight.boot(), 7, 1000)))
        .isZero();
    assertThat(basesFor(afterRestart(0))).isEqualTo(2);
    assertThat(basesFor(afterRestart(4))).isZero();
  }

  @Test
  void anUncleanStopCannotTellItsOwnLastWritesFromOthers() throws IOException {
    rig.open().close();
    file = rig.mapFile();
    VolumeSight sight = MapRig.SIGHT;
    assertThat(basesFor(new VolumeSight(sight.size(), "dm x", sight.boot(), 7, 1001))).isEqualTo(2);
    assertThat(basesFor(afterRestart(0))).isEqualTo(2);
    assertThat(basesFor(afterRestart(4))).as("no tracker wrote that").isZero();
  }

  /** The volume after the machine was started again, and so many sectors were written. */
  private static VolumeSight afterRestart(long changes) {
    return new VolumeSight(MapRig.SIGHT.size(), "dm x", new java.util.UUID(1, 2), 3, changes);
  }

  @Test
  void aNewerSlotThatIsLostDoesNotHideThatOthersMayHaveWritten() throws IOException {
    for (int slot = 0; slot < 2; slot++) {
      byte[] garbled = file.clone();
      garbled[slot * 4096 + 100] ^= 1;
      MapRig damaged = rig.with(garbled);
      VolumeSight written =
          new VolumeSight(MapRig.SIZE, "dm x", MapRig.BOOT, 7, MapRig.SIGHT.changes() + 8);
      try (MapRig.Open open = damaged.new Open(written)) {
        assertThat(open.map.bases().all()).isEmpty();
      }
    }
  }

  private int basesFor(VolumeSight sight) throws IOException {
    MapRig same = rig.with(file);
    if (sight.size() != MapRig.SIZE) {
      try (var directory = same.disk.directory("state")) {
        return DirtyMap.open(directory, null, sight, snapferry.replicate.Monitor.SILENT)
            .bases()
            .all()
            .size();
      }
    }
    try (MapRig.Open open = same.new Open(sight)) {
      return open.map.bases().all().size();
    }
  }

  @Test
  void aVolumeOfTooManyRegionsIsRefused() throws IOException {
    MapRig fresh = new MapRig(random);
    VolumeSight huge = new VolumeSight(1L << 50, "dm x", MapRig.BOOT, 7, 0);
    try (var directory = fresh.disk.directory("state")) {
      assertThatThrownBy(
              () ->
                  DirtyMap.open(directory, MapRig.REGION, huge, snapferry.replicate.Monitor.SILENT))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("--region");
    }
  }
}
