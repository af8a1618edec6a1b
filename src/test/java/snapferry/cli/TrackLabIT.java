package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A logical volume that is tracked: LVM takes the snapshot, the tracker says what changed. */
@NullMarked
@LabTest
class TrackLabIT {
  private static final int TRIES = 600;

  @TempDir private Path directory;
  private Launcher launcher = new Launcher(Path.of(""));
  private Lab lab;

  @BeforeEach
  void begin() throws Exception {
    launcher = new Launcher(directory);
    lab = Lab.open(directory);
    Files.createDirectory(directory.resolve("tracked"));
    lab.sh("modprobe fuse; [ -e /dev/fuse ] || mknod /dev/fuse c 10 229");
  }

  @AfterEach
  void end() throws Exception {
    lab.close();
  }

  private Launcher.Running track(String volume) throws Exception {
    Launcher.Running tracker = launcher.start("track", volume, directory.resolve("tracked").toString());
    for (int tries = 0; !Files.readString(tracker.err()).contains(" is shown at "); tries++) {
      assertThat(tracker.process().isAlive() && tries < TRIES)
          .as(Files.readString(tracker.err()))
          .isTrue();
      Thread.sleep(100);
    }
    return tracker;
  }

  private Launcher.Result push(String snapshot, String volume) throws Exception {
    List<String> words =
        List.of("push", "--json", "--changes", "fuse", "--snapshot", snapshot, "--post");
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(lab.sumOfSnapshot(), volume, directory.resolve("standby.img").toString()));
    Launcher.Result result = launcher.run(all.toArray(String[]::new));
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(lab.sum(directory.resolve("standby.img"))).isEqualTo(lab.frozenSum());
    assertThat(lab.snapshots()).isEmpty();
    return result;
  }

  @ParameterizedTest
  @CsvSource({"auto,linear", "lvm,linear", "lvm,thin"})
  void whatItMarkedIsReadFromTheSnapshotOfLvm(String snapshot, String kind) throws Exception {
    String volume = kind.equals("thin") ? lab.thin("data", 64, 128) : lab.linear("data", 64);
    Launcher.Running tracker = track(volume);
    try {
      lab.sh("mkfs.ext4 -q -E nodiscard tracked/vol0; mount -o loop tracked/vol0 mounted");
      try {
        lab.sh("head -c 8M /dev/urandom >mounted/f; sync");
        push(snapshot, volume);
        lab.sh("head -c 1M /dev/urandom >mounted/g; sync");
        assertThat(push(snapshot, volume).lastEvent())
            .containsEntry("changeSource", "fuse")
            .hasEntrySatisfying(
                "bytesRead", read -> assertThat((Long) read).isBetween(1L << 20, 6L << 20));
        lab.sh("cp standby.img copy; e2fsck -p copy >&2 || [ $? = 1 ]; e2fsck -fn copy");
      } finally {
        lab.sh("umount mounted");
      }
    } finally {
      tracker.process().destroy();
      assertThat(tracker.await().exit()).isZero();
    }
  }
}
