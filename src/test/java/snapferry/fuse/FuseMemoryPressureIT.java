package snapferry.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import snapferry.device.LoopDevice;

/**
 * Where the kernel can only get memory by writing pages back through the server, and the server has
 * little itself, nobody waits for the other forever.
 */
@NullMarked
@Timeout(240)
class FuseMemoryPressureIT {
  private static final long MIB = 1 << 20;

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(KernelCache.class)
  void pagesAreWrittenBackThroughAServerThatIsShortOfMemory(KernelCache cache) throws Exception {
    assumeTrue(LoopDevice.available(), "SKIPPED: loop devices cannot be attached here");
    try (MemoryCgroup narrow = MemoryCgroup.of("server", 192 * MIB);
        MemoryCgroup narrower = MemoryCgroup.of("writer", 32 * MIB);
        ServedMount mount = new ServedMount(directory, cache, 200 * MIB)) {
      mount.tryToStart(narrow.prefix());
      assertThat(mount.said()).contains("mounted\n");
      try (LoopDevice loop = LoopDevice.over(mount.file())) {
        LoopDevice.run("mkfs.ext4", "-q", "-F", loop.node().toString());
        Path inner = Files.createDirectory(directory.resolve("inner"));
        LoopDevice.run("mount", loop.node().toString(), inner.toString());
        try {
          List<String> command = new ArrayList<>(narrower.prefix());
          command.addAll(
              List.of(
                  "fio",
                  "--name=load",
                  "--directory=" + inner,
                  "--ioengine=mmap",
                  "--size=64m",
                  "--rw=randwrite",
                  "--bs=64k",
                  "--verify=crc32c",
                  "--verify_fatal=1",
                  "--verify_state_save=0"));
          assertThat(LoopDevice.run(command.toArray(String[]::new))).containsPattern("err= *0");
        } finally {
          LoopDevice.run("umount", inner.toString());
        }
        LoopDevice.run("fsck.ext4", "-fn", loop.node().toString());
      }
      mount.unmount();
    }
  }
}
