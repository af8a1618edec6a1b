package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Snapshots that have no room, or that lose it while they are read. */
@NullMarked
@LabTest
class RoomLabIT extends LabPushes {
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
  void aFullPoolIsNoPlaceForASnapshotAndANearlyFullOneIsWarnedOf() throws Exception {
    String volume = lab.thin("data", 64, 32);
    lab.sh("dd if=/dev/urandom of=" + volume + " bs=64k count=430 oflag=direct");
    Launcher.Result warned = push(volume, standby.toString());
    assertThat(warned.exit()).as(warned.err()).isEqualTo(3);
    assertThat(warned.err()).contains("thin pool lab/pool is 84.0 % full");
    lab.sh("lvremove -q -y @snapferry");
    lab.sh("dd if=/dev/urandom of=" + volume + " bs=64k count=500 oflag=direct");
    Launcher.Result result = push(volume, standby.toString());
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).contains("thin pool lab/pool is 97.7 % full", "lvextend");
    assertThat(lab.snapshots()).isEmpty();
  }

  @Test
  void aPoolWhoseMetadataAreFullIsNoPlaceForASnapshot() throws Exception {
    String volume = lab.thin("data", 16, 64);
    lab.sh("head -c 1M /dev/urandom >" + volume);
    fillMetadata();
    Launcher.Result result = push(volume, standby.toString());
    assertThat(result.exit()).as(result.err()).isEqualTo(1);
    assertThat(result.err()).containsPattern("its metadata 9[5-9]\\.. %").contains("lvextend");
    assertThat(lab.snapshots()).isEmpty();
  }

  /**
   * Gives the pool many more thin volumes: each takes a block of its metadata, of which there are
   * 2048.
   */
  private void fillMetadata() throws Exception {
    String swap = "lvconvert -q -y --thinpool lab/pool --poolmetadata lab/meta";
    lab.sh("lvcreate -q -y -L 8M -n meta lab && lvchange -q -an lab/data lab/pool && " + swap);
    lab.sh(
        """
        lvchange -q -ay lab/meta
        (thin_dump /dev/lab/meta | sed '/<.superblock>/d'
        seq -f '<device dev_id="%.0f" mapped_blocks="1" transaction="0" creation_time="0" snap_time="0">
          <single_mapping origin_block="0" data_block="0" time="0"/></device>' 1000 2720
        echo '</superblock>') >metadata.xml
        thin_restore -q -i metadata.xml -o /dev/lab/meta && lvchange -q -an lab/meta
        """);
    lab.sh(swap + " && lvchange -q -ay lab/data");
  }

  @Test
  void aPoolThatFillsUpWhileItsSnapshotIsReadHarmsNoEpoch() throws Exception {
    String volume = lab.thin("data", 64, 48);
    lab.sh("lvchange -q --errorwhenfull y lab/pool; head -c 20M /dev/urandom >" + volume);
    assertThat(push(volume, standby.toString()).exit()).isZero();
    lab.sh("head -c 8M /dev/urandom >" + volume);
    String fill = "dd if=/dev/urandom of=" + volume + " bs=64k oflag=direct || true; ";
    String health = "lvs --noheadings -o lv_health_status lab/pool";
    Path seen = directory.resolve("health");
    String hook = lab.sumOfSnapshot() + "; " + fill + health + " >" + seen;
    Launcher.Result result = push("--post", hook, volume, standby.toString());
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(lab.sum(standby)).isEqualTo(lab.frozenSum());
    assertThat(seen).content().isEqualToIgnoringWhitespace("out_of_data");

    lab.sh(fill); // The snapshot of the epoch before went, and made room.
    Launcher.Result refused = push(volume, standby.toString());
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("thin pool lab/pool is 100.0 % full");
    assertThat(lab.sum(standby)).isEqualTo(lab.frozenSum());
  }

  /** The epoch is in the journal: it is applied when there is room. */
  @Test
  void aStandbyOnAPoolThatFillsUpComesToItsEpochWhenThereIsRoom() throws Exception {
    String image = lab.thin("image", 64, 24);
    lab.sh("lvchange -q --errorwhenfull y lab/pool");
    Path source = directory.resolve("source.img");
    lab.sh("truncate -s 64M source.img");
    lab.sh("dd if=/dev/urandom of=source.img bs=1M count=12 conv=notrunc");
    String[] push = {"--init", source.toString(), image};
    assertThat(push(push).exit()).isZero();
    lab.sh("dd if=/dev/urandom of=source.img bs=1M seek=10 count=30 conv=notrunc");
    Launcher.Result full = push(source.toString(), image);
    assertThat(full.exit()).as(full.err()).isEqualTo(1);

    lab.sh("lvextend -q -L 80M lab/pool");
    Launcher.Result next = push(source.toString(), image);
    assertThat(next.exit()).as(next.err()).isZero();
    assertThat(lab.sum(image)).isEqualTo(lab.sum(source));
  }
}
