package snapferry.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import snapferry.device.HostileDisk;
import snapferry.extent.Extent;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** The volume as it was at one moment, while others write to it. */
@NullMarked
class FrozenVolumeTest {
  private static final long SEED = Long.getLong("snapferry.seed", new Random().nextLong());
  private static final int WRITERS = 2;
  private static final int ROUNDS = 4;

  @Test
  void whatIsReadIsTheMomentWhoeverWrites() throws Exception {
    MapRig rig = new MapRig(new Random(SEED));
    try (MapRig.Open open = rig.open()) {
      AtomicBoolean done = new AtomicBoolean();
      ExecutorService pool = Executors.newFixedThreadPool(WRITERS);
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        Random random = new Random(SEED + i);
        writers.add(
            pool.submit(
                () -> {
                  while (!done.get()) {
                    open.write(random);
                  }
                  return null;
                }));
      }
      Random random = new Random(SEED);
      for (int round = 0; round < ROUNDS; round++) {
        TrackedVolume.Moment moment = open.volume.freeze(MapRig.SIZE * 2L);
        byte[] first = read(moment.volume(), random);
        byte[] second = read(moment.volume(), random);
        assertThat(second).as("round %d, seed %d", round, SEED).isEqualTo(first);
        moment.volume().requireWhole();
        open.volume.thaw(moment);
      }
      done.set(true);
      for (Future<?> each : writers) {
        each.get();
      }
      pool.shutdown();
    }
  }

  @Test
  void itIsWhatTheVolumeHeldWhenTheGenerationBegan() throws IOException {
    MapRig rig = new MapRig(new Random(SEED));
    Random random = new Random(SEED);
    try (MapRig.Open open = rig.open()) {
      open.write(random);
      byte[] then = rig.content();
      TrackedVolume.Moment moment = open.volume.freeze(0);
      rig.moments.put(moment.generation(), then);
      for (int i = 0; i < 50; i++) {
        open.write(random);
      }
      assertThat(read(moment.volume(), random)).as("seed %d", SEED).isEqualTo(then);
      assertThat(rig.forgotten(open.map, moment.generation())).isEmpty();
      open.volume.thaw(moment);
    }
  }

  /** In pieces of any length, in any order. */
  private static byte[] read(FrozenVolume frozen, Random random) throws IOException {
    byte[] all = new byte[MapRig.SIZE];
    List<Integer> starts = new ArrayList<>();
    for (int at = 0; at < MapRig.SIZE; at += 10_000) {
      starts.add(at);
    }
    java.util.Collections.shuffle(starts, random);
    for (int at : starts) {
      int length = Math.min(10_000, MapRig.SIZE - at);
      frozen.read(at, ByteBuffer.wrap(all, at, length));
    }
    return all;
  }

  @Test
  void whenThereIsNoRoomTheWriteGoesOnAndTheMomentIsLost() throws IOException {
    MapRig rig = new MapRig(new Random(SEED));
    try (MapRig.Open open = rig.open()) {
      TrackedVolume.Moment moment = open.volume.freeze(2 * 4096);
      open.volume.zero(0, 2 * 4096, true);
      moment.volume().requireWhole();
      open.volume.zero(2 * 4096, 4096, true);
      assertThat(Arrays.copyOf(rig.content(), 3 * 4096)).containsOnly(0);
      assertLost(moment.volume());
      open.volume.thaw(moment);
      open.volume.thaw(moment);
    }
  }

  @Test
  void whenTheCopyFailsTheWriteGoesOnAndTheMomentIsLost() throws IOException {
    MapRig rig = new MapRig(new Random(SEED));
    try (MapRig.Open open = rig.open()) {
      TrackedVolume.Moment moment = open.volume.freeze(MapRig.SIZE);
      open.map.mark(0, 4096);
      rig.disk.failAt(rig.disk.operations(), HostileDisk.Fault.WRITE_ERROR);
      open.volume.zero(0, 4096, true);
      assertThat(Arrays.copyOf(rig.content(), 4096)).containsOnly(0);
      assertLost(moment.volume());
      open.volume.thaw(moment);
    }
  }

  private static void assertLost(FrozenVolume frozen) {
    for (long offset : new long[] {0, 40_960}) {
      assertThatThrownBy(() -> frozen.read(offset, ByteBuffer.allocate(512)))
          .isInstanceOfSatisfying(
              Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.SNAPSHOT_LOST));
    }
  }

  @Test
  void oneAtATimeIsFrozenAndNothingIsLeftOfIt() throws IOException {
    MapRig rig = new MapRig(new Random(SEED));
    try (MapRig.Open open = rig.open()) {
      TrackedVolume.Moment moment = open.volume.freeze(0);
      assertThatThrownBy(() -> open.volume.freeze(0))
          .isInstanceOfSatisfying(
              Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.LOCKED));
      assertThat(open.directory.exists("preserved")).isFalse();
      open.volume.thaw(moment);
      open.volume.thaw(open.volume.freeze(0));
    }
  }

  @Test
  void aHoleThatWasMadeSinceIsNoHoleThen() throws IOException {
    HostileDisk disk = new HostileDisk();
    byte[] content = new byte[16 * 4096];
    Arrays.fill(content, 8192, 16384, (byte) 1);
    disk.preload("file", content);
    try (var directory = disk.directory("state")) {
      FrozenVolume frozen =
          new FrozenVolume(
              disk.file("file", 0),
              new snapferry.extent.Geometry(content.length, MapRig.REGION),
              directory.open("store"),
              content.length);
      assertThat(frozen.nextAllocated(0)).isEqualTo(new Extent(8192, 8192));
      frozen.preserve(8192, 4096);
      frozen.preserve(13 * 4096, 1);
      disk.file("file", 0).zero(8192, 4096);
      assertThat(frozen.nextAllocated(0)).isEqualTo(new Extent(8192, 4096));
      assertThat(frozen.nextAllocated(8500)).isEqualTo(new Extent(8500, 12288 - 8500));
      assertThat(frozen.nextAllocated(12288)).isEqualTo(new Extent(12288, 4096));
      assertThat(frozen.nextAllocated(16384)).isEqualTo(new Extent(13 * 4096, 4096));
      @Nullable Extent after = frozen.nextAllocated(14 * 4096);
      assertThat(after).isNull();
    }
  }
}
