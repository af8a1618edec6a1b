package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.lvm.ChangesMode;

/** Runs that take snapshots of real logical volumes. */
@NullMarked
@LabTest
class SnapshotLabIT extends LabPushes {
  private void assertWhole(Launcher.Result result) throws Exception {
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(lab.sum(standby)).isEqualTo(lab.frozenSum());
    assertThat(lab.snapshots()).isEmpty();
  }

  @Test
  void aMountedVolumeIsReplicatedAsItWasInOneMoment() throws Exception {
    String volume = lab.linear("data", 64);
    lab.mount("ext4", volume);
    lab.sh("head -c 8M /dev/urandom >mounted/f; sync");
    String writing = "(while :; do head -c 1M /dev/urandom >mounted/g; sync; done) & echo $!";
    String writer = lab.sh(writing + " >writer.pid; cat writer.pid");
    try {
      assertWhole(push("--post", lab.sumOfSnapshot(), volume, standby.toString()));
      assertWhole(push("--post", lab.sumOfSnapshot(), volume, standby.toString()));
    } finally {
      lab.sh("kill " + writer);
    }
    lab.sh("e2fsck -fn standby.img");
    assertThat(new Launcher(directory).run("status", "--json", standby.toString()).lastEvent())
        .containsEntry("epoch", 2L);
  }

  @Test
  void aThinVolumeIsReplicatedFromASnapshotThatIsActivatedForIt() throws Exception {
    String volume = lab.thin("data", 64, 128);
    lab.mount("xfs --unsupported", volume);
    lab.sh("head -c 8M /dev/urandom >mounted/f; sync");
    assertWhole(
        push("--changes", "scan", "--post", lab.sumOfSnapshot(), volume, standby.toString()));
    lab.sh("head -c 1M /dev/urandom >mounted/g; sync");
    assertWhole(
        push("--changes", "scan", "--post", lab.sumOfSnapshot(), volume, standby.toString()));
    lab.unmount();
    lab.sh("mount -o loop standby.img mounted && umount mounted"); // which replays the log
    lab.sh(
        "losetup /dev/loop0 standby.img; xfs_repair -n /dev/loop0; r=$?; losetup -d /dev/loop0; exit $r");
  }

  @Test
  void aVolumeIsTheSameUnderAllItsNames() throws Exception {
    String volume = lab.linear("da-ta", 16);
    String uuid = lab.sh("lvs --noheadings -o lv_uuid " + volume);
    String node = lab.sh("readlink -f " + volume);
    String number = lab.sh("grep -lx lab-da--ta /sys/block/dm-*/dm/name | cut -d / -f 4");
    lab.sh("[ -e /dev/" + number + " ] || ln -s " + node + " /dev/" + number);
    assertThat(push(volume, standby.toString()).exit()).isZero();
    assertThat(push(uuid, standby.toString()).exit()).isZero();
    assertThat(push(node, standby.toString()).exit()).isZero();
    assertThat(push("/dev/" + number, standby.toString()).exit()).isZero();
    assertThat(new Launcher(directory).run("status", "--json", standby.toString()).lastEvent())
        .containsEntry("epoch", 4L);
  }

  @Test
  void aVolumeThatGrewIsReplicatedAtItsNewSize() throws Exception {
    String volume = lab.linear("data", 32);
    lab.mount("ext4", volume);
    assertWhole(push("--post", lab.sumOfSnapshot(), volume, standby.toString()));
    lab.sh("lvextend -q -L 48M " + volume + " && resize2fs " + volume);
    assertWhole(push("--grow", "--post", lab.sumOfSnapshot(), volume, standby.toString()));
    assertThat(standby).hasSize(48 << 20);
  }

  @Test
  void aSourceOnAnotherHostIsSnapshottedThere() throws Exception {
    String volume = lab.linear("data", 32);
    lab.sh("head -c 8M /dev/urandom >" + volume);
    Launcher.Result result =
        new Launcher(directory)
            .runOverLocalRsh(
                "pull",
                "--snapshot",
                "lvm",
                "--snapshot-size",
                "8",
                "--post",
                lab.sumOfSnapshot(),
                "host:" + volume,
                standby.toString());
    assertWhole(result);
  }

  @ParameterizedTest
  @CsvSource({"xfs --unsupported, 64", "btrfs, 256"})
  void aFileIsReadFromAClone(String fileSystem, int mib) throws Exception {
    lab.mount(fileSystem, lab.linear("data", mib));
    lab.sh("head -c 8M /dev/urandom >mounted/vol.img; sha256sum <mounted/vol.img >snapshot.sum");
    Launcher.Result result =
        push(
            "--snapshot",
            "reflink",
            "--post",
            "head -c 8M /dev/urandom >" + lab.mountPoint().resolve("vol.img"),
            lab.mountPoint().resolve("vol.img").toString(),
            standby.toString());
    assertWhole(result);
    assertThat(lab.sh("ls -A mounted")).isEqualTo("vol.img");
  }

  @Test
  void aMountedVolumeThatIsReadAsItIsIsWarnedOf() throws Exception {
    String volume = lab.linear("data", 16);
    lab.mount("ext4", volume);
    Launcher.Result result = push("--snapshot", "none", volume, standby.toString());
    assertThat(result.exit()).as(result.err()).isEqualTo(3);
    assertThat(result.err()).contains("is mounted and can change while it is read");
    lab.sh("mount -o remount,ro mounted");
    assertThat(push("--snapshot", "none", volume, standby.toString()).exit()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--type striped -i 2", "--type raid1 -m 1", "--type mirror -m 1"})
  void aVolumeOnSeveralDisksIsReplicatedFromASnapshot(String layout) throws Exception {
    lab.sh("vgextend -q -y lab $LAB_DISK2; modprobe -a dm-raid raid1 dm-mirror");
    lab.sh("lvcreate -q -y -W y -L 16M -n data %s lab".formatted(layout));
    lab.sh("head -c 4M /dev/urandom >/dev/lab/data");
    assertWhole(
        push(
            "--snapshot",
            "lvm",
            "--post",
            lab.sumOfSnapshot(),
            "/dev/lab/data",
            standby.toString()));
  }

  @Test
  void twoRunsOfAVolumeGoSideBySideButNotToOneStandby() throws Exception {
    String volume = lab.linear("data", 32);
    lab.sh("head -c 16M /dev/urandom >" + volume);
    Launcher launcher = new Launcher(directory);
    Launcher.Running slow =
        launcher.start("push", "--read-limit", "5M", volume, standby.toString());
    while (!Files.exists(standby)) {
      Thread.sleep(50);
    }
    String other = directory.resolve("other.img").toString();
    Launcher.Running beside = launcher.start("push", volume, other);
    assertThat(push(volume, standby.toString()).exit()).isEqualTo(10);
    assertThat(beside.await().exit()).isZero();
    assertThat(slow.await().exit()).isZero();
    assertThat(lab.sum(standby)).isEqualTo(lab.sum(volume)).isEqualTo(lab.sum(other));
    assertThat(lab.snapshots()).isEmpty();
  }

  @Test
  void aVolumeOnADiskWithSectorsOf4KiBIsReplicatedAndItsChangesAreFound() throws Exception {
    lab.close();
    lab.sh("truncate -s 256M disk; losetup -b 4096 /dev/loop0 disk");
    try {
      lab = Lab.open(directory, "/dev/loop0");
      String volume = lab.linear("data", 32);
      lab.mount("ext4", volume);
      lab.sh("head -c 8M /dev/urandom >mounted/f; sync");
      assertThat(lab.sh("blockdev --getss " + volume)).isEqualTo("4096");
      LabRuns runs = new LabRuns(lab, directory, volume);
      for (String source : List.of("scan", "cow")) {
        lab.sh("head -c 1M /dev/urandom >mounted/g; sync");
        assertThat(runs.push(runs.settings(ChangesMode.COW, 16), "standby.img").changeSource())
            .isEqualTo(source);
      }
    } finally {
      lab.close();
      lab.sh("losetup -d /dev/loop0");
      lab = Lab.open(directory);
    }
  }

  @Test
  void aStandbyOnAVolumeKeepsSnapshotsOfItsLastEpochs() throws Exception {
    Path source = Images.make(directory.resolve("vol0.img"), 1);
    for (String target : List.of(lab.linear("classic", 16), lab.thin("thin", 16, 64))) {
      for (int epoch = 1; epoch <= 3; epoch++) {
        Images.flip(source, 70_000L * epoch);
        String init = epoch == 1 ? "--init" : "--compress=lz4";
        Launcher.Result result =
            push("--standby-snapshot", "keep=2", init, source.toString(), target);
        assertThat(result.exit()).as(result.err()).isZero();
      }
      String names = "lvs --noheadings -o lv_name @snapferry-standby | grep -o 'snapferry_epoch.*'";
      assertThat(lab.sh(names + " | cut -d _ -f 2 | sort")).isEqualTo("epoch2\nepoch3");
      String second = lab.sh(names + " | grep epoch2_");
      lab.sh("[ -e /dev/lab/%1$s ] || lvchange -ay -K lab/%1$s".formatted(second));
      lab.sh("cmp -n 4194304 vol0.img " + target);
      Images.flip(source, 210_000);
      lab.sh("cmp -n 4194304 vol0.img /dev/lab/" + second);
      lab.sh("lvremove -q -y @snapferry-standby; rm -r vol0.img state");
      Images.make(source, 1);
    }
    Launcher.Result noVolume =
        push("--standby-snapshot", "keep=2", source.toString(), standby.toString());
    assertThat(noVolume.exit()).isEqualTo(3);
    assertThat(noVolume.err()).contains("is no logical volume");
  }

  @Test
  void aBadSectorIsNamed() throws Exception {
    lab.sh(
        "printf '%s\\n' '0 5000 linear /dev/ubdc 0' '5000 8 error' '5008 10000 linear /dev/ubdc 5008'"
            + " | dmsetup create bad");
    try {
      Launcher.Result result = push("/dev/mapper/bad", standby.toString());
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.err()).contains("/dev/mapper/bad: cannot read LBA 5000");
    } finally {
      lab.sh("dmsetup remove bad");
    }
  }

  @Test
  void everyBadSectorIsNamedOnDemand() throws Exception {
    lab.sh(
        "printf '%s\\n' '0 5000 linear /dev/ubdc 0' '5000 24 error' '5024 4976 linear /dev/ubdc 5024'"
            + " '10000 8 error' '10008 9992 linear /dev/ubdc 10008' | dmsetup create bad");
    try {
      Launcher.Result result = push("--continue-on-error", "/dev/mapper/bad", standby.toString());
      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.err())
          .contains("/dev/mapper/bad: cannot read LBA 5000 to 5023 (12288 bytes at offset 2560000)")
          .contains("/dev/mapper/bad: cannot read LBA 10000 to 10007")
          .contains("all that cannot be read is 16384 of its 10240000 bytes (places: 2)");
    } finally {
      lab.sh("dmsetup remove bad");
    }
  }
}
