package snapferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Disks that device-mapper or md have are no targets. */
@NullMarked
@LabTest
class HeldLabIT extends LabPushes {
  private void assertHeld(String disk, String by) throws Exception {
    lab.sh("truncate -s 64M source.img");
    String before = lab.sh("head -c 1M " + disk + " | sha256sum");
    Launcher.Result result = push("--init", directory.resolve("source.img").toString(), disk);
    assertThat(result.exit()).as(result.err()).isEqualTo(12);
    assertThat(result.err()).contains("held by " + by);
    assertThat(lab.sh("head -c 1M " + disk + " | sha256sum")).isEqualTo(before);
  }

  @Test
  void aDiskUnderALogicalVolumeIsRefused() throws Exception {
    lab.linear("data", 16);
    assertHeld(System.getenv("LAB_DISK1"), "dm-");
  }

  @Test
  void aDiskOfAnArrayIsRefused() throws Exception {
    lab.sh("modprobe raid1 && echo md7 >/sys/module/md_mod/parameters/new_array");
    lab.sh(
        """
        cd /sys/block/md7/md
        echo none >metadata_version && echo raid1 >level && echo 1 >raid_disks
        cat /sys/class/block/ubdc/dev >new_dev
        echo 0 >dev-ubdc/slot && echo active >array_state
        """);
    try {
      assertHeld("/dev/ubdc", "md7");
    } finally {
      lab.sh("echo clear >/sys/block/md7/md/array_state");
    }
  }
}
