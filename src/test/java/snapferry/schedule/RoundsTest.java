package snapferry.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@NullMarked
@Timeout(30)
class RoundsTest {
  private static Timetable<String> once(String... runs) {
    return new Timetable<>(
        List.of(runs).stream().map(run -> new Timetable.Entry<>(run, run, null, null)).toList(),
        1,
        new Random(1),
        Rounds.now());
  }

  @Test
  void aRunThatIsStuckKeepsNoOtherWaiting() throws Exception {
    CountDownLatch others = new CountDownLatch(2);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Rounds<String> rounds =
        new Rounds<>(
            once("stuck", "b", "c"),
            run -> {
              threads.add(Thread.currentThread());
              if (!run.equals("stuck")) {
                others.countDown();
                return true;
              }
              return await(others);
            });
    rounds.follow();
    assertThat(threads).as("a thread for each").hasSize(3);
  }

  private static boolean await(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aStopWaitsForWhatIsAtWorkAndBeginsNothing() throws Exception {
    AtomicInteger begun = new AtomicInteger();
    CountDownLatch atWork = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Timetable<String> table =
        new Timetable<>(
            List.of(new Timetable.Entry<>("a", "a", null, Duration.ofSeconds(1))),
            1,
            new Random(1),
            Rounds.now());
    Rounds<String> rounds =
        new Rounds<>(
            table,
            run -> {
              begun.incrementAndGet();
              atWork.countDown();
              return await(mayEnd);
            });
    Thread stopping =
        new Thread(
            () -> {
              await(atWork);
              rounds.stop();
              mayEnd.countDown();
            });
    stopping.start();
    rounds.follow();
    stopping.join();
    assertThat(begun).hasValue(1);
  }

  @Test
  void aRunThatBreaksCountsAsFailed() throws Exception {
    Thread.UncaughtExceptionHandler former = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {});
    try {
      new Rounds<>(
              once("a"),
              run -> {
                throw new IllegalStateException("a bug");
              })
          .follow();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(former);
    }
  }
}
