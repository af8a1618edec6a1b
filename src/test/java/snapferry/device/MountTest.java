package snapferry.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MountTest {
  @Test
  void aLineOfMountinfoIsReadWithAndWithoutOptionalFields() {
    assertThat(
            Mount.parse("36 35 98:0 /sub /mnt/a rw,noatime shared:1 master:2 - ext4 /dev/vg/lv rw"))
        .isEqualTo(new Mount(new DeviceNumber(98, 0), "/mnt/a", "ext4", "/dev/vg/lv", true));
    assertThat(Mount.parse("36 35 0:44 / /mnt/b rw - btrfs /dev/sdx1 rw,space_cache"))
        .isEqualTo(new Mount(new DeviceNumber(0, 44), "/mnt/b", "btrfs", "/dev/sdx1", true));
  }

  @Test
  void readOnlyIsEitherTheMountOrItsFileSystem() {
    assertThat(Mount.parse("1 2 8:1 / /a ro - ext4 /dev/sda1 rw").readWrite()).isFalse();
    assertThat(Mount.parse("1 2 8:1 / /a rw - ext4 /dev/sda1 ro").readWrite()).isFalse();
    assertThat(Mount.parse("1 2 8:1 / /a rw - ext4 /dev/sda1 rw").readWrite()).isTrue();
  }

  @Test
  void blanksInNamesAreUnescaped() {
    Mount mount = Mount.parse("1 2 8:1 / /a\\040b\\134c rw - ext4 /dev/my\\040disk rw");
    assertThat(mount.mountPoint()).isEqualTo("/a b\\c");
    assertThat(mount.source()).isEqualTo("/dev/my disk");
  }

  @Test
  void aPathLiesInTheDeepestMountAboveItAndThereInTheLast() {
    Mount root = Mount.parse("1 0 8:1 / / rw - ext4 /dev/sda1 rw");
    Mount under = Mount.parse("2 1 8:2 / /srv/a rw - ext4 /dev/sda2 rw");
    Mount over = Mount.parse("3 2 0:44 / /srv/a rw - fuse.snapferry snapferry rw");
    List<Mount> mounts = List.of(root, under, over);
    assertThat(Mount.holding(Path.of("/srv/a/vol0"), mounts)).isEqualTo(over);
    assertThat(Mount.holding(Path.of("/srv/a"), mounts)).isEqualTo(over);
    assertThat(Mount.holding(Path.of("/srv/ab/vol0"), mounts)).isEqualTo(root);
    assertThat(Mount.holding(Path.of("/vol0"), List.of(over))).isNull();
    assertThat(over.isFuse()).isTrue();
    assertThat(under.isFuse()).isFalse();
  }

  @Test
  void theTableOfThisMachineIsUnderstood() throws IOException {
    assertThat(Mount.all()).extracting(Mount::mountPoint).contains("/proc");
    Mount first = Mount.all().get(0);
    assertThat(first.isOf(Set.of(first.device()))).isTrue();
    assertThat(first.isOf(Set.of())).isFalse();
  }
}
