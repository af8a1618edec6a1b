package snapferry.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import snapferry.change.ChangeMap;
import snapferry.change.Span;
import snapferry.device.LoopDevice;
import snapferry.fuse.Linux;
import snapferry.fuse.VerifiedLoad;
import snapferry.replicate.StandbyEpoch;

/**
 * On a real mount: every region that differs is marked, however it was written to and whenever the
 * tracker was killed. {@code -Dsnapferry.kills=N} asks for more kills, {@code -Dsnapferry.seed=S}
 * for others.
 */
@EnabledIf(
    value = "snapferry.track.TrackRig#available",
    disabledReason = "FUSE mounts and loop devices need root and /dev/fuse")
@NullMarked
class TrackOracleIT {
  private static final int PAGE = 4096;
  private static final int SIZE = 24 << 20;
  private static final int KILLS = Math.max(2, Integer.getInteger("snapferry.kills", 32) / 16);
  private static final long SEED = Long.getLong("snapferry.seed", 1);
  private static final StandbyEpoch NONE = MapRig.epoch(1, 0);
  private static final StandbyEpoch BASE = MapRig.epoch(1, 1);

  @TempDir private Path directory = Path.of("");
  private final Random random = new Random(SEED);

  /** Makes what the volume holds now a base. */
  private static byte[] base(TrackRig rig) throws IOException {
    try (TrackerConnection connection = rig.connect()) {
      connection.rotate();
      connection.keep(NONE, BASE);
    }
    return Files.readAllBytes(rig.volume);
  }

  private static BitSet marked(TrackRig rig) throws IOException {
    ChangeMap changes = new ChangeMap("fuse", SIZE);
    try (TrackerConnection connection = rig.connect()) {
      assertThat(connection.collect(BASE, changes, SIZE)).isTrue();
    }
    BitSet marked = new BitSet();
    for (int page = 0; page < SIZE / PAGE; page++) {
      marked.set(page, changes.next((long) page * PAGE).kind() == Span.Kind.READ);
    }
    return marked;
  }

  private static BitSet changed(byte[] before, byte[] now) {
    BitSet changed = new BitSet();
    for (int at = 0; at < SIZE; at += PAGE) {
      changed.set(at / PAGE, !Arrays.equals(before, at, at + PAGE, now, at, at + PAGE));
    }
    return changed;
  }

  private static void assertCovered(TrackRig rig, byte[] before) throws IOException {
    BitSet forgotten = changed(before, Files.readAllBytes(rig.volume));
    assertThat(forgotten.cardinality()).isPositive();
    forgotten.andNot(marked(rig));
    assertThat(forgotten).as("pages that changed unmarked, seed %d", SEED).isEqualTo(new BitSet());
  }

  @Test
  void scatteredPagesAreMarkedAndHardlyAnythingElse() throws Exception {
    try (TrackRig rig = new TrackRig(directory, SIZE, "--region", "4K")) {
      rig.track();
      byte[] before = base(rig);
      try (FileChannel file = FileChannel.open(rig.file(), StandardOpenOption.WRITE)) {
        for (int i = 0; i < 400; i++) {
          file.write(noise(PAGE), (long) random.nextInt(SIZE / PAGE) * PAGE);
          if (i % 50 == 0) {
            file.force(true);
          }
        }
        file.force(true);
      }
      assertCovered(rig, before);
      assertThat(marked(rig).cardinality())
          .isLessThanOrEqualTo(
              changed(before, Files.readAllBytes(rig.volume)).cardinality() * 11 / 10);
    }
  }

  private ByteBuffer noise(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  @Test
  void writesAndHolesAndMappingsThroughALoopMountAreMarked() throws Exception {
    try (TrackRig rig = new TrackRig(directory, SIZE, "--region", "4K", "--cache", "writeback")) {
      rig.track();
      LoopDevice.run("mkfs.ext4", "-q", "-E", "nodiscard", rig.file().toString());
      byte[] before = base(rig);
      MappedWrites.into(rig.file(), SIZE - 64 * PAGE);
      Path point = Files.createDirectory(rig.directory.resolve("fs"));
      LoopDevice.run("mount", "-o", "loop,discard", rig.file().toString(), point.toString());
      try {
        Path kept = Files.write(point.resolve("kept"), noise(300_000).array());
        Files.write(point.resolve("gone"), noise(2_000_000).array());
        LoopDevice.run("sync", "-f", point.toString());
        Files.delete(point.resolve("gone"));
        LoopDevice.run("fallocate", "-p", "-o", "8192", "-l", "100000", kept.toString());
        LoopDevice.run("fstrim", point.toString());
      } finally {
        LoopDevice.run("umount", point.toString());
      }
      LoopDevice.run("fallocate", "-p", "-o", "4194304", "-l", "1000000", rig.file().toString());
      LoopDevice.run("sync", rig.file().toString());
      assertCovered(rig, before);
    }
  }

  @ParameterizedTest
  @CsvSource({"direct,false", "direct,true", "writeback,false", "writeback,true"})
  void fioNoticesNoKillAndAllThatItWroteIsMarked(String cache, boolean byLoop) throws Exception {
    assumeTrue(Linux.isSince(6, 9), "SKIPPED: this kernel (before 6.9) cannot resend requests");
    try (TrackRig rig = new TrackRig(directory, SIZE, "--region", "4K", "--cache", cache)) {
      rig.track();
      byte[] before = base(rig);
      if (byLoop) {
        try (LoopDevice loop = LoopDevice.over(rig.file(), "--direct-io=on")) {
          loadAndKill(rig, loop.node(), true);
        }
      } else {
        loadAndKill(rig, rig.file(), cache.equals("direct"));
      }
      assertCovered(rig, before);
    }
  }

  private void loadAndKill(TrackRig rig, Path target, boolean direct) throws Exception {
    Path report = directory.resolve("fio.log");
    try (VerifiedLoad load = VerifiedLoad.on(target, SIZE >> 20, direct, report, SEED)) {
      for (int kill = 0; kill < KILLS; kill++) {
        Thread.sleep(200 + random.nextInt(400));
        rig.kill();
        rig.track();
        load.assertGoesOn();
      }
      load.end();
    }
  }

  @Test
  void aTrackerThatIsKilledUnderLoadForgetsNothing() throws Exception {
    try (TrackRig rig = new TrackRig(directory, SIZE, "--region", "4K")) {
      rig.track();
      byte[] before = base(rig);
      for (int kill = 0; kill < KILLS; kill++) {
        try (Scribbler writer = new Scribbler(rig, SEED + kill)) {
          Thread.sleep(200 + random.nextInt(400));
          rig.kill();
          rig.track();
          assertThat(rig.trackerSays()).contains("is shown again");
        }
        assertCovered(rig, before);
      }
    }
  }
}
