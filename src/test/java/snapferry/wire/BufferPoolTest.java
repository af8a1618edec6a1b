package snapferry.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

@Timeout(20)
class BufferPoolTest {
  private final BufferPool pool = new BufferPool(2, 100);

  @Test
  void aBufferThatWasGivenBackIsTakenAgainCleared() throws Failure {
    ByteBuffer buffer = pool.take();
    assertThat(buffer.isDirect()).isTrue();
    assertThat(buffer.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    buffer.position(7).limit(9);
    pool.give(buffer);
    assertThat(pool.take()).isSameAs(buffer);
    assertThat(buffer.position()).isZero();
    assertThat(buffer.limit()).isEqualTo(100);
  }

  @Test
  void aTakerWaitsUntilOneIsGivenBack() throws Exception {
    ByteBuffer first = pool.take();
    assertThat(pool.take()).isNotSameAs(first);
    Waiter waiter = new Waiter();
    pool.give(first);
    assertThat(waiter.result.get(10, TimeUnit.SECONDS)).isSameAs(first);
  }

  @Test
  void closingWakesUpTakersAndServesNobodyAnyMore() throws Exception {
    ByteBuffer first = pool.take();
    pool.take();
    Waiter waiter = new Waiter();
    pool.close();
    assertThatThrownBy(() -> waiter.result.get(10, TimeUnit.SECONDS)).satisfies(this::interrupted);
    pool.give(first);
    assertThatThrownBy(pool::take).hasMessageContaining("ending");
  }

  @Test
  void anInterruptWakesUpATakerAndIsRemembered() throws Exception {
    pool.take();
    pool.take();
    Waiter waiter = new Waiter();
    waiter.thread.interrupt();
    assertThatThrownBy(() -> waiter.result.get(10, TimeUnit.SECONDS)).satisfies(this::interrupted);
    assertThat(waiter.flag.get()).isTrue();
  }

  @Test
  void givingBackTwiceOrWhatIsForeignIsRefused() throws Failure {
    ByteBuffer buffer = pool.take();
    pool.give(buffer);
    assertThatIllegalStateException().isThrownBy(() -> pool.give(buffer));
    assertThatIllegalStateException().isThrownBy(() -> pool.give(ByteBuffer.allocate(100)));
  }

  private void interrupted(Throwable thrown) {
    assertThat(thrown).isInstanceOf(ExecutionException.class);
    assertThat(Failure.exitOf(Objects.requireNonNull(thrown.getCause())))
        .isEqualTo(ExitCode.INTERRUPTED);
  }

  /** A thread that waits in {@code take}. */
  private final class Waiter {
    final CompletableFuture<ByteBuffer> result = new CompletableFuture<>();
    final AtomicReference<Boolean> flag = new AtomicReference<>(false);
    final Thread thread = new Thread(this::run);

    Waiter() throws InterruptedException {
      thread.setDaemon(true);
      thread.start();
      while (thread.getState() != Thread.State.WAITING) {
        Thread.sleep(1);
      }
    }

    private void run() {
      try {
        result.complete(pool.take());
      } catch (Failure e) {
        flag.set(Thread.interrupted());
        result.completeExceptionally(e);
      }
    }
  }
}
