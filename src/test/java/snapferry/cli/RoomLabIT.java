package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots that have no room, or that lose it while they are read. */
@NullMarked
@LabTest
class RoomLabIT {
  @TempDir private Path directory;
  private InProcess snapferry;
  private Lab lab;
  private Path standby = Path.of("");

  @BeforeEach
  void begin() throws Exception {
    snapferry = new InProcess(directory.resolve("state"));
    lab = Lab.open(directory);
    standby = directory.resolve("standby.img");
  }

  @AfterEach
  void end() throws Exception {
    lab.close();
  }

  private Launcher.Result push(String... words) {
    List<String> all = new ArrayList<>(List.of("push"));
    all.addAll(List.of(words));
    return snapferry.run(all.toArray(String[]::new));
  }

  private static String overwrite(String volume, int mib) {
    return "dd if=/dev/urandom of=%s bs=1M count=%d oflag=direct".formatted(volume, mib);
  }

  private void assertLost(Launcher.Result result, String before) throws Exception {
    assertThat(result.exit()).as(result.err()).isEqualTo(14);
    assertThat(result.err()).contains("--snapshot-size", "The standby was not touched");
    assertThat(lab.sum(standby)).isEqualTo(before);
    assertThat(lab.snapshots()).isEmpty();
  }

  @Test
  void aSnapshotThatOverflowsFailsTheRunAndLeavesTheStandby() throws Exception {
    String volume = lab.linear("data", 64);
    lab.sh("head -c 30M /dev/urandom >" + volume);
    assertThat(push(volume, standby.toString()).exit()).isZero();
    String before = lab.sum(standby);
    String readAll = "cat $(lvs --noheadings -o lv_dm_path @snapferry) >/dev/null; ";
    for (String hook : List.of(overwrite(volume, 20), readAll + overwrite(volume, 20))) {
      assertLost(push("--snapshot-size", "4", "--post", hook, volume, standby.toString()), before);
    }
    Launcher.Running reading = startSlow("4", volume);
    lab.sh(overwrite(volume, 20));
    assertLost(reading.await(), before);
  }

  /** Starts a run that reads for many seconds, and waits until it does. */
  private Launcher.Running startSlow(String room, String volume) throws Exception {
    Launcher.Running running =
        new Launcher(directory)
            .start(
                "push",
                "--read-limit",
                "5M",
                "--snapshot-size",
                room,
                "--post",
                lab.sumOfSnapshot() + "; touch " + directory.resolve("taken"),
                volume,
                standby.toString());
    lab.sh("while [ ! -e taken ]; do sleep 0.1; done; sleep 2; rm taken");
    return running;
  }

  @Test
  void aSnapshotThatIsNearlyFullIsSaidWhileItCanBeHelped() throws Exception {
    String volume = lab.linear("data", 64);
    lab.sh("head -c 30M /dev/urandom >" + volume);
    Launcher.Running running = startSlow("16", volume);
    lab.sh(overwrite(volume, 14));
    Launcher.Result result = running.await();
    assertThat(result.exit()).as(result.err()).isEqualTo(3);
    assertThat(result.err()).contains("is nearly full", "lvextend");
    assertThat(lab.sum(standby)).isEqualTo(lab.frozenSum());
  }

  @Test
  void aSnapshotHasRoomForAFifthOfItsVolumeAsFarAsItsGroupHas() throws Exception {
    String volume = lab.linear("data", 400);
    String room = "lvs --noheadings --units m -o lv_size @snapferry >" + directory.resolve("room");
    assertThat(push("--post", room, volume, standby.toString()).exit()).isZero();
    assertThat(directory.resolve("room")).content().isEqualToIgnoringWhitespace("80.00m");
    lab.sh("lvcreate -q -y -l 100%FREE -n rest lab && lvreduce -q -y -f -L -24M lab/rest");
    assertThat(push("--post", room, volume, standby.toString()).exit()).isZero();
    assertThat(directory.resolve("room")).content().isEqualToIgnoringWhitespace("24.00m");
  }

  @Test
  void aGroupWithoutRoomIsSaidWithWhatToDo() throws Exception {
    String volume = lab.linear("data", 64);
    lab.sh("lvcreate -q -y -l 100%FREE -n rest lab");
    Launcher.Result result = push(volume, standby.toString());
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("the volume group lab has 0 MiB free", "--snapshot none");
    assertThat(push("--snapshot", "none", volume, standby.toString()).exit()).isZero();
  }

  @Test
  void aSnapshotThatCannotBeTakenLeavesNothingBehind() throws Exception {
    String volume = lab.linear("data", 16);
    lab.sh("vgchange -q -l 1 lab");
    Launcher.Result result = push(volume, standby.toString());
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("lvcreate", "Maximum number of logical volumes");
    assertThat(lab.sh("ls state/snapshots")).isEmpty();
  }

  @Test
  void aFullPoolIsNoPlaceForASnapshot() throws Exception {
    String volume = lab.thin("data", 64, 32);
    lab.sh("dd if=/dev/urandom of=" + volume + " bs=64k count=500 oflag=direct");
    Launcher.Result result = push(volume, standby.toString());
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("thin pool lab/pool is 97.7 % full", "lvextend");
    assertThat(lab.snapshots()).isEmpty();
  }

  @Test
  void aPoolWhoseMetadataAreFullIsNoPlaceForASnapshot() throws Exception {
    String volume = lab.thin("data", 64, 192, 2);
    lab.sh("dd if=/dev/zero of=" + volume + " bs=1M count=64 oflag=direct status=none");
    for (int id = 1000; !metadataAreFull(); id++) {
      lab.sh("dmsetup message lab-pool-tpool 0 'create_snap %d 1'".formatted(id));
      writeHereAndThere(volume);
    }
    Launcher.Result result = push(volume, standby.toString());
    assertThat(result.exit()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).containsPattern("its metadata 9[5-9]\\.. %").contains("lvextend");
    assertThat(lab.snapshots()).isEmpty();
  }

  private boolean metadataAreFull() throws Exception {
    String used = lab.sh("dmsetup status lab-pool-tpool | cut -d ' ' -f 5");
    int slash = used.indexOf('/');
    int all = Integer.parseInt(used.substring(slash + 1));
    return Integer.parseInt(used.substring(0, slash)) * 100 >= all * 96;
  }

  /** A page in each 4 MiB, each in another leaf of what the pool remembers. */
  private static void writeHereAndThere(String volume) throws IOException {
    try (FileChannel file = FileChannel.open(Path.of(volume), StandardOpenOption.WRITE)) {
      for (long at = 0; at < 64 << 20; at += 4 << 20) {
        file.write(ByteBuffer.allocate(4096), at);
      }
      file.force(false);
    }
  }

  @Test
  void aPoolThatFillsUpWhileItsSnapshotIsReadHarmsNoEpoch() throws Exception {
    String volume = lab.thin("data", 64, 48);
    lab.sh("lvchange -q --errorwhenfull y lab/pool; head -c 20M /dev/urandom >" + volume);
    assertThat(push(volume, standby.toString()).exit()).isZero();
    lab.sh("head -c 8M /dev/urandom >" + volume);
    String fill = "; dd if=/dev/urandom of=" + volume + " bs=64k oflag=direct || true";
    Launcher.Result result = push("--post", lab.sumOfSnapshot() + fill, volume, standby.toString());
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(lab.sum(standby)).isEqualTo(lab.frozenSum());
    assertThat(lab.sh("lvs --noheadings -o lv_health_status lab/pool")).isEqualTo("out_of_data");

    Launcher.Result refused = push(volume, standby.toString());
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("thin pool lab/pool is 100.0 % full");
    assertThat(lab.sum(standby)).isEqualTo(lab.frozenSum());
  }
}
