package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** How fast bytes may go, and in pieces of which size. */
@NullMarked
class RateLimitTest {
  private static final int SLICE = 64 << 10;

  @Test
  void bytesDoNotGoFasterThanTheRate() throws IOException {
    int bytesPerSecond = 1 << 20;
    int bytes = bytesPerSecond / 2;
    RateLimit limit = new RateLimit(bytesPerSecond);
    long start = System.nanoTime();
    for (int left = bytes; left > 0; ) {
      int slice = limit.slice(SLICE, left);
      limit.await(slice);
      left -= slice;
    }
    // A tenth of a second may be saved up, and the last slice need not be waited for.
    assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(500 - 200));
  }

  @Test
  void whatWasNotSentIsSavedUpForATenthOfASecondOnly() throws Exception {
    RateLimit limit = new RateLimit(1000);
    TimeUnit.MILLISECONDS.sleep(400);
    long start = System.nanoTime();
    limit.await(400);
    limit.await(1);
    assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(240));
  }

  @Test
  void slicesLastATwentiethOfASecondButAreNeverTiny() {
    assertThat(new RateLimit(200_000).slice(SLICE, 1 << 20)).isEqualTo(10_000);
    assertThat(new RateLimit(1L << 40).slice(SLICE, 1 << 20)).isEqualTo(SLICE);
    assertThat(new RateLimit(100).slice(SLICE, 1 << 20)).isEqualTo(512);
    assertThat(new RateLimit(200_000).slice(SLICE, 77)).isEqualTo(77);
    assertThat(new RateLimit(100).slice(SLICE, 77)).isEqualTo(77);
  }

  @Test
  void withoutALimitAllGoesAtOnce() throws IOException {
    RateLimit limit = new RateLimit(0);
    assertThat(limit.slice(SLICE, Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    limit.await(Integer.MAX_VALUE);
    limit.await(Integer.MAX_VALUE);
  }

  @Test
  void whoIsInterruptedWhileWaitingStaysInterrupted() throws IOException {
    RateLimit limit = new RateLimit(1);
    limit.await(1000);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> limit.await(1)).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
