package snapferry.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import snapferry.device.LoopDevice;
import snapferry.fuse.VerifiedLoad;

/**
 * Epochs of a tracked volume while it is written to. {@code -Dsnapferry.epochs=N} asks for more of
 * them, {@code -Dsnapferry.seed=S} for others.
 */
@EnabledIf(
    value = "snapferry.track.TrackRig#available",
    disabledReason = "FUSE mounts and loop devices need root and /dev/fuse")
@NullMarked
class TrackedEpochsIT {
  private static final int EPOCHS = Integer.getInteger("snapferry.epochs", 8);
  private static final long SEED = Long.getLong("snapferry.seed", 1);
  private static final int SIZE = 64 << 20;
  private static final int REGION = 64 << 10;

  @TempDir private Path directory = Path.of("");

  /** An archive of some files. */
  private static Path archive(Path directory, int number, Random random) throws IOException {
    Path tree = Files.createDirectory(directory.resolve("tree" + number));
    for (int file = 0; file < 12; file++) {
      byte[] bytes = new byte[1 + random.nextInt(60_000)];
      random.nextBytes(bytes);
      Files.write(tree.resolve("file" + file), bytes);
    }
    Path archive = directory.resolve(number + ".tar");
    LoopDevice.run("tar", "-cf", archive.toString(), "-C", tree.toString(), ".");
    return archive;
  }

  /** Archives are unpacked on a file system, and what came of them is removed. */
  private static void churn(Path point, List<Path> archives, AtomicBoolean done) {
    Random random = new Random(SEED);
    try {
      for (int round = 0; !done.get(); round++) {
        Path tree = Files.createDirectories(point.resolve("tree" + round % 3));
        Path archive = archives.get(random.nextInt(archives.size()));
        LoopDevice.run("tar", "-xf", archive.toString(), "-C", tree.toString());
        if (round % 3 == 2) {
          LoopDevice.run("rm", "-r", point.resolve("tree" + random.nextInt(3)).toString());
        }
        Thread.sleep(30);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Writes at random places of one file, past the page cache, and reads back: as databases do. */
  private static VerifiedLoad database(Path point, Path report) throws IOException {
    String[] pauses = {"--thinktime=100ms", "--thinktime_blocks=8"};
    return VerifiedLoad.on(point.resolve("database"), 8, true, report, SEED, pauses);
  }

  @Test
  void eachStandbyIsItsMomentOfABusyFileSystem() throws Exception {
    try (TrackRig rig = new TrackRig(directory, SIZE)) {
      rig.track();
      LoopDevice.run("mkfs.ext4", "-q", rig.file().toString());
      Path point = Files.createDirectory(rig.directory.resolve("fs"));
      LoopDevice.run("mount", "-o", "loop", rig.file().toString(), point.toString());
      AtomicBoolean done = new AtomicBoolean();
      Path packed = Files.createDirectory(rig.directory.resolve("archives"));
      Random random = new Random(SEED);
      List<Path> archives = new ArrayList<>();
      for (int number = 0; number < 5; number++) {
        archives.add(archive(packed, number, random));
      }
      Thread load = new Thread(() -> churn(point, archives, done), "load");
      load.start();
      try (VerifiedLoad database = database(point, rig.directory.resolve("fio.log"))) {
        epochs(rig, point);
        database.assertGoesOn();
        database.end();
      } finally {
        done.set(true);
        load.join();
        LoopDevice.run("umount", point.toString());
      }
    }
  }

  private static void epochs(TrackRig rig, Path point) throws Exception {
    String freeze = "fsfreeze -f " + point;
    String thaw =
        "cp --sparse=always %s %s; fsfreeze -u %s"
            .formatted(rig.volume, rig.directory.resolve("expected"), point);
    long marked = 0;
    long read = 0;
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      boolean frozen = epoch % 2 == 1;
      // The second standby comes every third time only, and is behind then.
      String image = epoch % 3 == 0 ? "second" : "first";
      TrackRig.Ended ended =
          frozen
              ? rig.push(image, "--snapshot", "tracker", "--pre", freeze, "--post", thaw)
              : rig.push(image, "--snapshot", "tracker");
      assertThat(ended.exit()).as("epoch %d: %s", epoch, ended).isZero();
      if (frozen) {
        rig.assertSame("expected", image);
      }
      check(rig, image);
      if (ended.lastLine().contains("\"changeSource\":\"fuse\"")) {
        read += ended.number("bytesRead");
        marked += markedKib(ended) << 10;
      } else {
        assertThat(epoch).as("%s", ended).isIn(1, 3);
      }
    }
    System.out.printf(
        "tracked epochs: %d, %d MiB marked, %d MiB read%n", EPOCHS, marked >> 20, read >> 20);
    assertThat(read).isLessThanOrEqualTo(marked + marked / 5 + REGION);
  }

  private static long markedKib(TrackRig.Ended ended) {
    var note = java.util.regex.Pattern.compile("fuse: (\\d+) KiB of").matcher(ended.out());
    assertThat(note.find()).as("%s", ended).isTrue();
    return Long.parseLong(note.group(1));
  }

  /** After its journal was replayed, the file system of a copy of the standby is clean. */
  private static void check(TrackRig rig, String image) throws IOException {
    Path copy = rig.directory.resolve("copy");
    Files.copy(rig.directory.resolve(image), copy, StandardCopyOption.REPLACE_EXISTING);
    LoopDevice.run("sh", "-c", "e2fsck -p \"$0\" >/dev/null || [ $? = 1 ]", copy.toString());
    LoopDevice.run("e2fsck", "-fn", copy.toString());
  }

  private static String[] slowly(TrackRig rig) {
    return Stream.concat(Stream.of(Scribbler.pausing(rig)), Stream.of("--read-limit", "24M"))
        .toArray(String[]::new);
  }

  @Test
  void aSlowReaderGetsTheMomentWhileAllIsOverwritten() throws Exception {
    try (TrackRig rig = new TrackRig(directory, SIZE)) {
      rig.track();
      try (Scribbler writer = new Scribbler(rig, SEED)) {
        for (int epoch = 1; epoch <= 3; epoch++) {
          TrackRig.Ended ended = rig.push("image", slowly(rig));
          assertThat(ended.exit()).as("%s", ended).isZero();
          rig.assertSame("expected", "image");
        }
        TrackRig.Ended lost =
            rig.push(
                "image", "--snapshot", "tracker", "--snapshot-size", "1", "--read-limit", "2M");
        assertThat(lost.exit()).as("%s", lost).isEqualTo(14);
        rig.assertSame("expected", "image");
      }
    }
  }

  @Test
  void aTrackerThatIsKilledDuringARunLeavesTheStandbyAsItWas() throws Exception {
    try (TrackRig rig = new TrackRig(directory, SIZE)) {
      rig.track();
      try (Scribbler writer = new Scribbler(rig, SEED)) {
        Thread.sleep(300);
        assertThat(rig.push("image", Scribbler.pausing(rig)).exit()).isZero();
        Files.move(rig.directory.resolve("expected"), rig.directory.resolve("old"));
        Thread.sleep(1000);
        Process run =
            rig.start(
                "killed",
                "push",
                "--changes",
                "fuse",
                "--snapshot",
                "tracker",
                "--read-limit",
                "512",
                rig.volume.toString(),
                rig.directory.resolve("image").toString());
        while (snapshot(rig).equals("none")) {
          Thread.sleep(20);
        }
        rig.kill();
        TrackRig.Ended ended = rig.await("killed", run);
        assertThat(ended.exit()).as("%s", ended).isEqualTo(14);
        rig.assertSame("old", "image");
        rig.track();
        TrackRig.Ended again = rig.push("image", Scribbler.pausing(rig));
        assertThat(again.exit()).as("%s", again).isZero();
        assertThat(again.lastLine()).contains("\"changeSource\":\"fuse\"");
        rig.assertSame("expected", "image");
      }
    }
  }

  private static String snapshot(TrackRig rig) throws IOException {
    try (TrackerConnection connection = rig.connect()) {
      return connection.status().stream()
          .filter(line -> line.startsWith("snapshot: "))
          .map(line -> line.substring("snapshot: ".length()))
          .findFirst()
          .orElse("none");
    }
  }
}
