package snapferry.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
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
      Path source = Files.write(rig.directory.resolve("source"), new byte[SIZE]);
      TrackRig.Ended onto = rig.run("push", "--init", source.toString(), rig.volume.toString());
      assertThat(onto.exit()).as("%s", onto).isEqualTo(12);
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
  void aDescriptionThatIsGarbledHidesNoOtherTracker() throws Exception {
    try (TrackRig rig = new TrackRig(directory, SIZE)) {
      rig.track();
      Path garbled = Files.createDirectory(rig.state().resolve("trackers/0000000000000000"));
      Files.writeString(garbled.resolve(TrackerDescription.FILE), "volume: /dev/x\n");
      TrackRig.Ended list = rig.run("track", "list");
      assertThat(list.exit()).as("%s", list).isEqualTo(3);
      assertThat(list.out()).contains(rig.volume.toString(), rig.file().toString());
      assertThat(list.err()).contains(garbled.toString());
      TrackRig.Ended status = rig.run("track", "status");
      assertThat(status.out()).as("%s", status).contains("volume: " + rig.volume);
      assertThat(status.err()).contains(garbled.toString());
    }
  }

  @Test
  void aStartThatDoesNotComeUpRenewsNothing() throws Exception {
    try (TrackRig rig = new TrackRig(directory, SIZE)) {
      rig.track();
      assertThat(rig.push("image").exit()).isZero();
      assertThat(rig.stop()).isZero();
      byte[] map = Files.readAllBytes(rig.map());
      Path full = Files.createDirectory(rig.directory.resolve("full"));
      Files.createFile(full.resolve("something"));
      TrackRig.Ended failed =
          rig.await(
              "failed",
              rig.start("failed", "track", "--region", "4K", rig.volume + "", full.toString()));
      assertThat(failed.exit()).as("%s", failed).isEqualTo(2);
      assertThat(failed.err()).contains("is not empty");
      assertThat(Files.readAllBytes(rig.map())).isEqualTo(map);
      assertThat(rig.run("track", "list").out()).contains(rig.file().toString());
      rig.track();
      assertThat(rig.push("image").lastLine()).contains("\"changeSource\":\"fuse\"");
    }
  }

  @Test
  void scanReadsEverythingOfATrackedVolume() throws Exception {
    try (TrackRig rig = new TrackRig(directory, SIZE)) {
      byte[] content = new byte[SIZE];
      new java.util.Random(1).nextBytes(content);
      Files.write(rig.volume, content);
      rig.track();
      assertThat(rig.push("image").exit()).isZero();
      String[] words = {"push", "--json", "--changes", "scan", rig.volume.toString(), image(rig)};
      TrackRig.Ended scan = rig.run(words);
      assertThat(scan.lastLine()).contains("\"changeSource\":\"scan\"");
      assertThat(scan.number("bytesRead")).isEqualTo(SIZE);
      assertThat(rig.push("image").number("bytesRead")).as("nothing was written since").isZero();
    }
  }

  @Test
  void aMountThatWasTakenOutOfTheTreeIsServedAndThatIsSaid() throws Exception {
    try (TrackRig rig = new TrackRig(directory, SIZE)) {
      rig.track();
      Process user =
          new ProcessBuilder("sh", "-c", "exec <'" + rig.file() + "'; echo open; exec sleep 99")
              .start();
      try {
        assertThat(user.inputReader().readLine()).isEqualTo("open");
        LoopDevice.run("umount", "-l", rig.mountpoint.toString());
        rig.terminate();
        rig.awaitSaid("was taken out of the tree");
        assertThat(rig.trackerSays()).contains("It is served until it is in use no more");
      } finally {
        user.destroyForcibly().waitFor();
      }
      assertThat(rig.end()).isEqualTo(3);
    }
  }

  @Test
  void othersLookInOnlyIfTheyAreLet() throws Exception {
    LoopDevice.run("chmod", "755", directory.toString());
    for (boolean let : new boolean[] {true, false}) {
      Path own = Files.createDirectory(directory.resolve("let-" + let));
      try (TrackRig rig =
          let
              ? new TrackRig(own, SIZE, "--mode", "644", "--allow-other")
              : new TrackRig(own, SIZE, "--mode", "644")) {
        rig.track();
        String[] read = {
          "setpriv",
          "--reuid",
          "65534",
          "--regid",
          "65534",
          "--clear-groups",
          "head",
          "-c",
          "5",
          rig.file().toString()
        };
        if (let) {
          assertThat(LoopDevice.run(read)).hasSize(5);
        } else {
          assertThatThrownBy(() -> LoopDevice.run(read)).hasMessageContaining("Permission denied");
        }
      }
    }
  }

  @Test
  void whatIsOnlyReadIsHeldAsWell() throws Exception {
    Path backing = Files.write(directory.resolve("backing"), new byte[SIZE]);
    LoopDevice.run("mkfs.ext4", "-q", backing.toString());
    try (LoopDevice loop = LoopDevice.over(backing);
        TrackRig rig = new TrackRig(directory, SIZE)) {
      LoopDevice.run("blockdev", "--setro", loop.node().toString());
      List<String> words =
          List.of(
              "track",
              "--read-only",
              "--state-dir",
              rig.state().toString(),
              loop.node().toString(),
              rig.mountpoint.toString());
      rig.track(words, rig.file());
      assertThat(Files.mismatch(rig.file(), backing)).isEqualTo(-1);
      assertThatThrownBy(() -> write(rig.file(), 10)).hasMessageContaining("Read-only");
      Path point = Files.createDirectory(rig.directory.resolve("fs"));
      assertThatThrownBy(
              () -> LoopDevice.run("mount", "-o", "ro", loop.node() + "", point.toString()))
          .hasMessageContaining("busy");
      assertThat(rig.stop()).isZero();
    }
  }

  @Test
  void aFileIsTrackedOnceWhateverItIsCalled() throws Exception {
    try (TrackRig rig = new TrackRig(directory, SIZE, "--read-only")) {
      rig.track();
      Path link = Files.createLink(rig.directory.resolve("link"), rig.volume);
      Path other = Files.createDirectory(rig.directory.resolve("other"));
      TrackRig.Ended twice =
          rig.await("twice", rig.start("twice", "track", link.toString(), other.toString()));
      assertThat(twice.exit()).as("%s", twice).isEqualTo(12);
      assertThat(twice.err()).contains("is locked by another program");
    }
  }

  @Test
  void aConfigurationShowsSeveralVolumesInOneMountThatOutlivesAKill() throws Exception {
    try (TrackRig rig = new TrackRig(directory, SIZE)) {
      Path second = Files.write(rig.directory.resolve("second"), new byte[2 * SIZE]);
      Path config =
          Files.writeString(
              rig.directory.resolve("snapferry.toml"),
              """
              track-mountpoint = "%s"
              track-mode = "640"
              [volume.web]
              source = "%s"
              track = true
              track-region = "16K"
              standby.here.target = "%s"
              [volume.db]
              source = "%s"
              track = true
              """
                  .formatted(rig.mountpoint, rig.volume, image(rig), second));
      List<String> words =
          List.of("track", "--state-dir", rig.state() + "", "--config", config.toString());
      Path web = rig.mountpoint.resolve("web");
      Path db = rig.mountpoint.resolve("db");
      rig.track(words, web);
      rig.awaitSaid(" at " + db);
      assertThat(Files.size(db)).isEqualTo(2 * SIZE);
      assertThat(Files.getAttribute(db, "unix:mode")).isEqualTo(0100640);
      write(web, 1000);
      write(db, 2000);
      rig.kill();
      rig.track(words, web);
      rig.awaitSaid("is shown again at " + web);
      rig.awaitSaid("is shown again at " + db);
      write(web, 3000);
      assertThat(Files.mismatch(web, rig.volume)).isEqualTo(-1);
      assertThat(Files.mismatch(db, second)).isEqualTo(-1);
      assertThat(rig.run("track", "list").out()).contains(web.toString(), db.toString());
      assertThat(rig.run("track", "status", db.toString()).out())
          .contains("file: db", "region: 65536");
      for (int round = 0; round < 2; round++) {
        TrackRig.Ended run = rig.run("run", "--once", "--config", config.toString());
        assertThat(run.exit()).as("%s", run).isZero();
      }
      rig.assertSame("volume", "image");
      assertThat(rig.run("check-config", "-v", "--config", config.toString()).err())
          .contains("web: snapferry track shows it as " + web);
      assertThat(rig.stop()).isZero();
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
