package snapferry.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import snapferry.device.LoopDevice;

/** {@code track} as people meet it: what it says, and how it ends. */
@EnabledIf(
    value = "snapferry.track.TrackRig#available",
    disabledReason = "FUSE mounts and loop devices need root and /dev/fuse")
@NullMarked
class TrackCommandIT {
  private static final int SIZE = 4 << 20;

  @TempDir private Path directory = Path.of("");

  private static void write(Path file, int bytes) throws Exception {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      byte[] content = new byte[bytes];
      new java.util.Random(bytes).nextBytes(content);
      channel.write(java.nio.ByteBuffer.wrap(content), 65536);
      channel.force(true);
    }
  }

  @Test
  void aVolumeIsShownAndAskedAboutAndEndsInGoodOrder() throws Exception {
    try (TrackRig rig = new TrackRig(directory, SIZE)) {
      rig.track();
      assertThat(Files.size(rig.file())).isEqualTo(SIZE);
      write(rig.file(), 1000);
      // By either name: the volume is the same.
      TrackRig.Ended seed = rig.run("push", "--json", rig.file().toString(), image(rig));
      assertThat(seed.exit()).as("%s", seed).isZero();
      write(rig.file(), 2000);
      TrackRig.Ended epoch = rig.run("push", "--json", rig.volume.toString(), image(rig));
      assertThat(epoch.lastLine()).contains("\"changeSource\":\"fuse\"", "\"epoch\":2");
      assertThat(epoch.number("bytesRead")).isLessThanOrEqualTo(65536);
      rig.assertSame("volume", "image");

      TrackRig.Ended status = rig.run("track", "status", rig.file().toString());
      assertThat(status.out())
          .contains("volume: " + rig.volume, "region: 65536", "standby: ", "epoch 2 ");
      assertThat(rig.run("track", "status", "--json").out()).contains("\"standbys\":[\"");
      assertThat(rig.run("track", "list").out()).contains(rig.volume.toString(), "running");
      assertThat(rig.run("track", "rotate", rig.volume.toString()).out())
          .containsPattern("generation \\d+");
      TrackRig.Ended second =
          rig.run("track", "list", "--json"); // so that the next one is not the first to connect
      assertThat(second.out()).contains("\"running\":true");
      assertThat(rig.stop()).isZero();
      assertThat(rig.run("track", "list").out()).contains("not running");
      assertThat(rig.run("track", "status").exit()).isEqualTo(3);

      rig.track();
      assertThat(rig.push("image").lastLine()).as("went on").contains("\"changeSource\":\"fuse\"");
    }
  }

  private static String image(TrackRig rig) {
    return rig.directory.resolve("image").toString();
  }

  /** What the run log does not know of it, the source remembers: it is the same volume. */
  @Test
  void statusKnowsAVolumeThatTheConfigurationNamesAsItIsShown() throws Exception {
    try (TrackRig rig = new TrackRig(directory, SIZE)) {
      rig.track();
      String far = "far:" + image(rig);
      String rsh =
          "'" + Path.of(System.getProperty("snapferry.basedir"), "scripts/local-rsh") + "'";
      String command = "'" + System.getProperty("snapferry.launcher") + "'";
      Path configuration = rig.directory.resolve("s.toml");
      Files.writeString(
          configuration,
          """
          rsh = "%s"
          remote-command = "%s"
          [volume.v]
          source = "%s"
          standby.far.target = "%s"
          """
              .formatted(rsh, command, rig.file(), far));
      TrackRig.Ended seed = rig.run("run", "--config", configuration.toString());
      assertThat(seed.exit()).as("%s", seed).isZero();
      write(rig.file(), 2000);
      TrackRig.Ended epoch =
          rig.run("push", "--rsh", rsh, "--remote-command", command, rig.file().toString(), far);
      assertThat(epoch.exit()).as("%s", epoch).isZero();
      assertThat(rig.run("status", "--json", "--config", configuration.toString()).lastLine())
          .contains("\"epoch\":2");
    }
  }

  @Test
  void whoWritesBehindTheTrackersBackIsNoticed() throws Exception {
    try (TrackRig rig = new TrackRig(directory, SIZE)) {
      rig.track();
      assertThat(rig.push("image").exit()).isZero();
      assertThat(rig.stop()).isZero();
      write(rig.volume, 3000);
      rig.track();
      assertThat(rig.trackerSays()).contains("it was written to while no tracker ran");
      TrackRig.Ended next = rig.push("image");
      assertThat(next.lastLine()).contains("\"changeSource\":\"scan\"");
      rig.assertSame("volume", "image");
      assertThat(rig.stop()).as("done with warnings").isEqualTo(3);
    }
  }

  @Test
  void aVolumeIsTrackedOnceAndNotWhenItIsMounted() throws Exception {
    try (TrackRig rig = new TrackRig(directory, SIZE)) {
      rig.track();
      Path other = Files.createDirectory(rig.directory.resolve("other"));
      TrackRig.Ended twice =
          rig.await("twice", rig.start("twice", "track", rig.volume.toString(), other.toString()));
      assertThat(twice.exit()).as("%s", twice).isEqualTo(10);
      Path backing = Files.write(rig.directory.resolve("backing"), new byte[SIZE]);
      try (LoopDevice loop = LoopDevice.over(backing)) {
        LoopDevice.run("mkfs.ext4", "-q", loop.node().toString());
        Path point = Files.createDirectory(rig.directory.resolve("fs"));
        LoopDevice.run("mount", loop.node().toString(), point.toString());
        try {
          TrackRig.Ended mounted =
              rig.await(
                  "mounted",
                  rig.start("mounted", "track", loop.node().toString(), other.toString()));
          assertThat(mounted.exit()).as("%s", mounted).isEqualTo(12);
        } finally {
          LoopDevice.run("umount", point.toString());
        }
      }
    }
  }

  @Test
  void withoutATrackerThereAreNoMarks() throws Exception {
    try (TrackRig rig = new TrackRig(directory, SIZE)) {
      TrackRig.Ended asked = rig.push("image");
      assertThat(asked.exit()).as("%s", asked).isEqualTo(2);
      assertThat(asked.out()).contains("snapferry track starts one");
      TrackRig.Ended status = rig.run("track", "status", "--json", rig.volume.toString());
      assertThat(status.exit()).as("%s", status).isEqualTo(3);
      assertThat(status.lastLine()).contains("the tracker of " + rig.volume + " does not run");
      assertThat(rig.run("push", "--json", rig.volume.toString(), image(rig)).lastLine())
          .contains("\"changeSource\":\"scan\"");
    }
  }
}
