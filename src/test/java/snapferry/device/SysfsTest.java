package snapferry.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against a made-up {@code /sys}: a disk with a partition that an LVM volume and a RAID are built
 * on.
 */
class SysfsTest {
  private static final DeviceNumber DISK = new DeviceNumber(8, 0);
  private static final DeviceNumber PARTITION = new DeviceNumber(8, 1);
  private static final DeviceNumber MAPPED = new DeviceNumber(254, 3);
  private static final DeviceNumber RAID = new DeviceNumber(9, 127);

  @TempDir Path root;

  private void attribute(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");
  }

  private Sysfs stack() throws IOException {
    attribute("dev/block/8:0/sda1/partition", "1");
    attribute("dev/block/8:0/sda1/dev", "8:1");
    attribute("dev/block/8:1/holders/dm-3/dev", "254:3");
    attribute("dev/block/8:1/holders/dm-3/dm/name", "vg0-lv0");
    attribute("dev/block/254:3/holders/md127/dev", "9:127");
    attribute("dev/block/9:127/dev", "9:127");
    attribute("class/block/dm-3/dev", "254:3");
    return new Sysfs(root);
  }

  @Test
  void aStackIsFollowedThroughPartitionsAndHolders() throws IOException {
    assertThat(stack().stackOn(List.of(DISK))).containsExactly(DISK, PARTITION, MAPPED, RAID);
    assertThat(stack().stackOn(List.of(MAPPED))).containsExactly(MAPPED, RAID);
    assertThat(stack().number("dm-3")).isEqualTo(MAPPED);
  }

  @Test
  void holdersAreNamedAsTheirOwnersKnowThem() throws IOException {
    assertThat(stack().holders(PARTITION)).containsExactly("dm-3 (vg0-lv0)");
    assertThat(stack().holders(MAPPED)).containsExactly("md127");
    assertThat(stack().holders(RAID)).isEmpty();
  }

  @Test
  void backingFilesAreTheSameFileUnderAnyNameButNotOnceUnlinked() throws IOException {
    Path image = Files.createFile(root.resolve("a.img"));
    Path link = Files.createLink(root.resolve("b.img"), image);
    attribute("block/loop0/loop/backing_file", image.toString());
    attribute("block/loop1/loop/backing_file", image + " (deleted)");
    Files.createDirectories(root.resolve("block/loop2"));
    assertThat(new Sysfs(root).loopsOn(link)).containsExactly("loop0");
  }
}
