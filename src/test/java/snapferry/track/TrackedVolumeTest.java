package snapferry.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import snapferry.device.BlockDevice;

/** What a generation has to wait for. */
@NullMarked
@Timeout(60)
class TrackedVolumeTest {
  /** A device of which the first sync takes long and then fails; the others go well. */
  private static final class SlowToFail {
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch fails = new CountDownLatch(1);
    private final BlockDevice device;
    private boolean first = true;

    SlowToFail(BlockDevice device) {
      this.device = device;
    }

    BlockDevice device() {
      return (BlockDevice)
          Proxy.newProxyInstance(
              BlockDevice.class.getClassLoader(),
              new Class<?>[] {BlockDevice.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("sync") && isFirst()) {
                  asked.countDown();
                  fails.await();
                  throw new IOException("the disk is broken");
                }
                try {
                  return method.invoke(device, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getTargetException();
                }
              });
    }

    private synchronized boolean isFirst() {
      boolean now = first;
      first = false;
      return now;
    }
  }

  /** The kernel tells whoever asks first, and tells the others that all is well. */
  @Test
  void aSyncUnderWayThatFailsKeepsTheGenerationFromBeginning() throws Exception {
    MapRig rig = new MapRig(new Random(1));
    try (MapRig.Open open = rig.open()) {
      SlowToFail slow = new SlowToFail(rig.disk.device("volume", MapRig.SIZE));
      TrackedVolume volume =
          new TrackedVolume("volume", "rig", slow.device(), true, open.directory);
      volume.begin(open.map);
      Thread user =
          new Thread(
              () ->
                  assertThatThrownBy(volume::sync)
                      .isInstanceOf(IOException.class)
                      .hasMessage("the disk is broken"));
      user.start();
      slow.asked.await();
      Thread release =
          new Thread(
              () -> {
                try {
                  Thread.sleep(200); // by now the rotation, if it does not wait, would be over
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                slow.fails.countDown();
              });
      release.start();
      assertThatThrownBy(volume::rotate)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("once failed to make writes durable (the disk is broken)");
      user.join();
      release.join();
      assertThatThrownBy(volume::rotate).as("for good").isInstanceOf(IOException.class);
      assertThat(volume.frozen() == null).isTrue();
    }
  }
}
