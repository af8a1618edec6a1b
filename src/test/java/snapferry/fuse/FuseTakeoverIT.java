package snapferry.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import snapferry.device.LoopDevice;

/**
 * A mount outlives its server: {@code kill -9} under load, and the next server goes on.
 *
 * <p>{@code -Dsnapferry.fuseKills=N} asks for more kills than the usual, {@code -Dsnapferry.seed=S}
 * for other moments.
 */
@NullMarked
@Timeout(300)
class FuseTakeoverIT {
  private static final int KILLS = Integer.getInteger("snapferry.fuseKills", 4);
  private static final long SEED = Long.getLong("snapferry.seed", System.nanoTime());
  private static final int SIZE = 64 << 20;

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(KernelCache.class)
  void aLoadNoticesNoKill(KernelCache cache) throws Exception {
    assumeTrue(Linux.isSince(6, 9), "SKIPPED: this kernel (before 6.9) cannot resend requests");
    assumeTrue(Holder.program() != null, "SKIPPED: there is no fuse-holder, for want of cc");
    Random random = new Random(SEED);
    try (ServedMount mount = new ServedMount(directory, cache, SIZE)) {
      mount.start();
      boolean direct = cache == KernelCache.DIRECT;
      Path report = directory.resolve("fio.log");
      try (VerifiedLoad load = VerifiedLoad.on(mount.file(), 48, direct, report, SEED)) {
        for (int kill = 0; kill < KILLS; kill++) {
          Thread.sleep(random.nextInt(400));
          mount.kill();
          mount.start();
          assertThat(mount.said()).contains("took over\n").doesNotContain("warning");
          load.assertGoesOn();
        }
        load.end();
      }
      FileChannel.open(mount.file(), StandardOpenOption.READ).close();
      mount.unmount();
      assertThat(Files.exists(mount.socket())).as("the holder's socket").isFalse();
    }
  }

  @Test
  void whoTakesOverOtherFilesOrAServedMountIsTurnedAway() throws Exception {
    assumeTrue(Holder.program() != null, "SKIPPED: there is no fuse-holder, for want of cc");
    try (ServedMount mount = new ServedMount(directory, KernelCache.DIRECT, SIZE)) {
      mount.start();
      ServedMount second = mount.another();
      second.tryToStart(List.of());
      assertThat(second.said()).contains("failed: LOCKED", "is being served", "" + mount.pid());
      mount.kill();
      try (FileChannel backing = FileChannel.open(mount.backing(), StandardOpenOption.WRITE)) {
        backing.truncate(SIZE / 2);
        mount.tryToStart(List.of());
        assertThat(mount.said()).contains("failed: LINEAGE", "nothing was changed");
        LoopDevice.run("truncate", "-s", "" + SIZE, mount.backing().toString());
      }
      mount.start();
      assertThat(mount.said()).contains("took over\n");
      mount.unmount();
    }
  }

  @Test
  void aServerThatIsToldToEndWhileItsMountIsBusyLeavesItToTheNext() throws Exception {
    assumeTrue(Holder.program() != null, "SKIPPED: there is no fuse-holder, for want of cc");
    try (ServedMount mount = new ServedMount(directory, KernelCache.DIRECT, SIZE)) {
      mount.start();
      // Not this process: its next child would close the file and wait for the server to hear it.
      Process user =
          new ProcessBuilder("sh", "-c", "exec <'" + mount.file() + "'; echo open; exec sleep 99")
              .start();
      try {
        assertThat(user.inputReader().readLine()).isEqualTo("open");
        mount.terminate();
        assertThat(mount.exit()).isEqualTo(143);
        assertThat(mount.said()).contains("not unmounted: ", "is in use");
        mount.start();
        assertThat(mount.said()).contains("took over\n");
      } finally {
        user.destroyForcibly().waitFor();
      }
      mount.unmount();
    }
  }

  @Test
  void aMountThatWasAbortedEndsItsServerAndIsMadeAnew() throws Exception {
    try (ServedMount mount = new ServedMount(directory, KernelCache.DIRECT, SIZE)) {
      mount.start();
      abort(mount);
      assertThat(mount.exit()).isEqualTo(1);
      assertThat(mount.said()).contains("was aborted");
      assertThatThrownBy(() -> Files.readAllBytes(mount.file())).isInstanceOf(IOException.class);
      mount.start();

      assertThat(Files.size(mount.file())).isEqualTo(SIZE);
      mount.unmount();
    }
  }

  private void abort(ServedMount mount) throws IOException {
    String device = LoopDevice.run("mountpoint", "-d", mount.point().toString()).strip();
    Path control = Files.createDirectory(directory.resolve("control"));
    LoopDevice.run("mount", "-t", "fusectl", "fusectl", control.toString());
    try {
      String connection = device.substring(device.indexOf(':') + 1);
      Files.writeString(control.resolve(connection).resolve("abort"), "1");
    } finally {
      LoopDevice.run("umount", control.toString());
    }
  }

  @Test
  void withoutAHolderAKillCostsTheMountAndTheNextServerSaysSo() throws Exception {
    try (ServedMount mount = new ServedMount(directory, KernelCache.DIRECT, SIZE)) {
      mount.start();
      new Holder(mount.socket()).end();
      mount.kill();
      assertThatThrownBy(() -> Files.readAllBytes(mount.file())).isInstanceOf(IOException.class);
      mount.start();
      assertThat(mount.said()).contains("warning: a mount at", "nothing held it", "mounted\n");
      assertThat(Files.size(mount.file())).isEqualTo(SIZE);
      mount.unmount();
    }
  }
}
