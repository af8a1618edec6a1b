package snapferry.fuse;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import snapferry.codec.LittleEndian;
import snapferry.device.LoopDevice;

/** Files through the real kernel, in both modes of its cache. */
@NullMarked
@Timeout(120)
class FuseMountIT {
  private static final long SEED = Long.getLong("snapferry.seed", System.nanoTime());
  private static final int OPERATIONS = Integer.getInteger("snapferry.operations", 600);
  private static final int SIZE = (8 << 20) + 1000;

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(KernelCache.class)
  void severalWritersSeeWhatAMemoryWouldShow(KernelCache cache) throws Exception {
    try (ServedMount mount = new ServedMount(directory, cache, SIZE)) {
      mount.start();
      byte[] oracle = new byte[SIZE];
      int lanes = 3;
      ExecutorService threads = Executors.newFixedThreadPool(lanes);
      try (FileChannel file = FileChannel.open(mount.file(), READ, WRITE)) {
        List<Future<?>> ends = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
          int from = SIZE / lanes * lane;
          int end = lane == lanes - 1 ? SIZE : SIZE / lanes * (lane + 1);
          Random random = new Random(SEED + lane);
          ends.add(
              threads.submit(
                  () -> {
                    new Mutation(mount.file(), file, oracle, from, end, random).run(OPERATIONS);
                    return true;
                  }));
        }
        for (Future<?> end : ends) {
          assertThat(end.get()).as("seed %d", SEED).isEqualTo(true);
        }
        file.force(false);
        assertThat(Arrays.equals(Files.readAllBytes(mount.backing()), oracle))
            .as("after fsync the file behind is the same, seed %d", SEED)
            .isTrue();
        assertThat(Arrays.equals(Files.readAllBytes(mount.file()), oracle))
            .as("seed %d", SEED)
            .isTrue();
      } finally {
        threads.shutdownNow();
      }
      mount.unmount();
    }
  }

  @ParameterizedTest
  @EnumSource(KernelCache.class)
  void anExt4OnALoopOnItIsSound(KernelCache cache) throws Exception {
    assumeTrue(LoopDevice.available(), "SKIPPED: loop devices cannot be attached here");
    try (ServedMount mount = new ServedMount(directory, cache, 64 << 20)) {
      mount.start();
      for (String direct : new String[] {"--direct-io=off", "--direct-io=on"}) {
        try (LoopDevice loop = LoopDevice.over(mount.file(), direct)) {
          LoopDevice.run("mkfs.ext4", "-q", "-F", loop.node().toString());
          Path inner = Files.createDirectories(directory.resolve("inner"));
          LoopDevice.run("mount", loop.node().toString(), inner.toString());
          try {
            byte[] content = new byte[3_000_000];
            new Random(SEED).nextBytes(content);
            for (int i = 0; i < 8; i++) {
              Files.write(inner.resolve("f" + i), content);
            }
            Files.delete(inner.resolve("f3"));
            LoopDevice.run("fstrim", inner.toString());
            // The server must go on while what is mounted on it keeps it busy.
            assertThatThrownBy(() -> LoopDevice.run("umount", mount.point().toString()))
                .hasMessageContaining("busy");
            assertThat(Files.readAllBytes(inner.resolve("f5"))).isEqualTo(content);
          } finally {
            LoopDevice.run("umount", inner.toString());
          }
          LoopDevice.run("fsck.ext4", "-fn", loop.node().toString());
        }
        LoopDevice.run("fsck.ext4", "-fn", mount.backing().toString());
      }
      mount.unmount();
    }
  }

  @Test
  void filesAreMappedAndReadWithoutCache() throws Exception {
    for (KernelCache cache : KernelCache.values()) {
      Path own = Files.createDirectory(directory.resolve(cache.name()));
      try (ServedMount mount = new ServedMount(own, cache, 1 << 20)) {
        mount.start();
        try (FileChannel file =
            FileChannel.open(mount.file(), READ, WRITE, ExtendedOpenOption.DIRECT)) {
          ByteBuffer page = LittleEndian.direct(4096);
          page.put(0, (byte) 7);
          assertThat(file.write(page, 8192)).isEqualTo(4096);
        }
        try (FileChannel file = FileChannel.open(mount.file(), READ, WRITE)) {
          assumeTrue(
              cache == KernelCache.WRITEBACK || Linux.isSince(6, 6),
              "SKIPPED: this kernel (before 6.6) maps no files without cache");
          var mapped = file.map(FileChannel.MapMode.READ_WRITE, 0, 1 << 20);
          assertThat(mapped.get(8192)).isEqualTo((byte) 7);
          mapped.put(100_000, (byte) 9);
          mapped.force();
          ByteBuffer one = ByteBuffer.allocate(1);
          file.read(one, 100_000);
          assertThat(one.get(0)).isEqualTo((byte) 9);
        }
        assertThat(Files.readAllBytes(mount.backing())[100_000]).isEqualTo((byte) 9);
      }
    }
  }

  @Test
  void whatADirectoryOfDevicesCannotDoIsRefused() throws Exception {
    try (ServedMount mount = new ServedMount(directory, KernelCache.DIRECT, SIZE)) {
      mount.start();
      Path file = mount.file();
      assertThat(Files.size(file)).isEqualTo(SIZE);
      assertThat(LoopDevice.run("ls", "-a", mount.point().toString())).isEqualTo(".\n..\nvol0\n");
      for (String[] command :
          new String[][] {
            {"truncate", "-s", "0", file.toString()},
            {"rm", file.toString()},
            {"touch", mount.point().resolve("new").toString()},
            {"mkdir", mount.point().resolve("new").toString()},
            {"chmod", "666", file.toString()},
            {"mv", file.toString(), file + "x"},
            {"ln", "-s", "x", mount.point().resolve("new").toString()},
          }) {
        assertThatThrownBy(() -> LoopDevice.run(command))
            .as("%s", List.of(command))
            .hasMessageContaining("Operation not permitted");
      }
      LoopDevice.run("truncate", "-s", "" + SIZE, file.toString());
      FileTime time = FileTime.fromMillis(1_700_000_000_123L);
      Files.setLastModifiedTime(file, time);
      assertThat(Files.getLastModifiedTime(file)).isEqualTo(time);
      assertThatThrownBy(
              () ->
                  LoopDevice.run(
                      "dd",
                      "if=/dev/zero",
                      "of=" + file,
                      "bs=1M",
                      "seek=100",
                      "count=1",
                      "conv=notrunc"))
          .hasMessageContaining("No space left");
      mount.unmount();
    }
  }

  @Test
  void aReadOnlyMountIsReadOnly() throws Exception {
    try (ServedMount mount = new ServedMount(directory, KernelCache.DIRECT, SIZE, "--read-only")) {
      mount.start();
      assertThat(Files.readAllBytes(mount.file())).hasSize(SIZE);
      assertThatThrownBy(() -> FileChannel.open(mount.file(), WRITE).close())
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("Read-only");
      mount.unmount();
    }
  }

  @Test
  void aPlaceThatCannotBeMountedOnIsNamed() throws Exception {
    try (ServedMount mount = new ServedMount(directory, KernelCache.DIRECT, SIZE)) {
      Path inside = Files.createFile(mount.point().resolve("something"));
      mount.tryToStart(List.of());
      assertThat(mount.exit()).isEqualTo(2);
      assertThat(mount.said()).contains("USAGE", "is not empty");
      Files.delete(inside);
      Files.delete(mount.point());
      mount.tryToStart(List.of());
      assertThat(mount.said()).contains("USAGE", "does not exist");
      Files.createFile(mount.point());
      mount.tryToStart(List.of());
      assertThat(mount.said()).contains("USAGE", "no directory");
      Files.delete(mount.point());
      Files.createDirectory(mount.point());
      mount.start();
      mount.unmount();
    }
  }

  @Test
  void anOrdinaryUserMountsThroughFusermount() throws Exception {
    Path world = Files.createTempDirectory(Path.of("/tmp"), "snapferry");
    try {
      LoopDevice.run("chmod", "755", world.toString());
      Path own = Files.createDirectory(world.resolve("own"));
      try (ServedMount mount = new ServedMount(own, KernelCache.DIRECT, SIZE)) {
        assumeTrue(Files.exists(Path.of("/usr/bin/fusermount3")), "SKIPPED: no fusermount3");
        LoopDevice.run("chown", "-R", "65534:65534", own.toString());
        // A /dev/fuse for everybody, as udev makes it, in a name space of this process only.
        Path node = world.resolve("fuse");
        LoopDevice.run("mknod", "-m", "666", node.toString(), "c", "10", "229");
        String inside =
            "mount --bind "
                + node
                + " /dev/fuse && exec setpriv --reuid 65534 --regid 65534"
                + " --clear-groups \"$@\"";
        mount.tryToStart(List.of("unshare", "--mount", "sh", "-c", inside, "sh"));
        assumeTrue(!mount.said().contains("Permission denied"), "SKIPPED: " + mount.said());
        assertThat(mount.said()).contains("mounted\n");
        // Its mount is seen only inside; there, by its own user only.
        String pid = Long.toString(mount.pid());
        String read = "head -c 5 " + mount.file() + " | wc -c";
        String[] enter = {
          "nsenter",
          "-t",
          pid,
          "-m",
          "setpriv",
          "--reuid",
          "65534",
          "--regid",
          "65534",
          "--clear-groups",
          "sh",
          "-c",
          read
        };
        assertThat(LoopDevice.run(enter).strip()).isEqualTo("5");
        String[] asRoot = {"nsenter", "-t", pid, "-m", "cat", mount.file().toString()};
        assertThatThrownBy(() -> LoopDevice.run(asRoot)).hasMessageContaining("Permission denied");
        mount.terminate();
        assertThat(mount.exit()).isEqualTo(143);
        // It may end before it has said so; what it could not do, it says before.
        assertThat(mount.said()).doesNotContain("not unmounted");
      }
    } finally {
      deleteTree(world);
    }
  }

  private static void deleteTree(Path path) throws IOException {
    LoopDevice.run("rm", "-r", path.toString());
  }
}
