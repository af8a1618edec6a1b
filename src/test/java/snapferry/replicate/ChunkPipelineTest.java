package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import snapferry.change.BlockSpans;
import snapferry.change.ChangeSource;
import snapferry.change.Span;
import snapferry.extent.BlockSize;
import snapferry.extent.Extent;
import snapferry.extent.Geometry;

/** Workers that finish in any order, and a consumer that sees the order of the volume. */
@NullMarked
@Timeout(20)
class ChunkPipelineTest {
  private static final int BLOCKS = 200;
  private static final Geometry GEOMETRY = new Geometry(BLOCKS * 4096L, new BlockSize(4096));
  private static final ChunkPipeline.Consumer<long[]> NOTHING = (chunk, slot) -> {};

  private final AtomicInteger slots = new AtomicInteger();
  private final AtomicInteger working = new AtomicInteger();

  @Test
  void theConsumerGetsEveryChunkOnceAndInOrder() throws IOException {
    for (long seed = 0; seed < 20; seed++) {
      long luck = seed;
      int chunkBlocks = 1 + new Random(seed).nextInt(9);
      List<Long> firsts = new ArrayList<>();
      try (ChunkPipeline<long[]> pipeline =
          pipeline(all(), chunkBlocks, (chunk, slot) -> dawdle(luck, chunk, slot))) {
        pipeline.drain(
            (chunk, slot) -> {
              assertThat(slot)
                  .as("what was filled in, seed %d", luck)
                  .containsExactly(chunk.first());
              assertThat(chunk.count()).isLessThanOrEqualTo(chunkBlocks);
              for (int i = 0; i < chunk.count(); i++) {
                firsts.add(chunk.first() + i);
              }
            });
      }
      assertThat(firsts).as("seed %d", seed).hasSize(BLOCKS).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void memoryIsAFixedNumberOfSlots() throws IOException {
    try (ChunkPipeline<long[]> pipeline = pipeline(all(), 1, (chunk, slot) -> {})) {
      pipeline.drain(NOTHING);
    }
    assertThat(slots).hasValue(ChunkPipeline.WORKERS + 2);
  }

  @Test
  void workersDoNotRunAheadOfTheConsumerFurtherThanThereAreSlots() throws Exception {
    AtomicInteger filled = new AtomicInteger();
    try (ChunkPipeline<long[]> pipeline =
        pipeline(all(), 1, (chunk, slot) -> filled.incrementAndGet())) {
      while (filled.get() < ChunkPipeline.WORKERS + 2) {
        Thread.onSpinWait();
      }
      TimeUnit.MILLISECONDS.sleep(50);
      assertThat(filled).hasValue(ChunkPipeline.WORKERS + 2);
      pipeline.drain(NOTHING);
    }
    assertThat(filled).hasValue(BLOCKS);
  }

  @Test
  void theFirstFailureInTheOrderOfTheVolumeIsTheOneThatIsTold() {
    for (long seed = 0; seed < 30; seed++) {
      long luck = seed;
      Set<Long> bad = Set.of(70L, 71L, 72L, 73L, 90L);
      AtomicInteger consumed = new AtomicInteger();
      assertThatThrownBy(
              () -> {
                try (ChunkPipeline<long[]> pipeline =
                    pipeline(all(), 1, (chunk, slot) -> dawdleOrFail(luck, bad, chunk, slot))) {
                  pipeline.drain((chunk, slot) -> consumed.incrementAndGet());
                }
              })
          .as("seed %d", seed)
          .hasMessage("bad block 70");
      assertThat(consumed).as("chunks before it, seed %d", seed).hasValue(70);
    }
  }

  @Test
  void whatIsBeforeAChangeSourceThatFailsIsConsumed() {
    AtomicInteger consumed = new AtomicInteger();
    ChangeSource failing =
        source(
            offset -> {
              if (offset >= 50 * 4096) {
                throw new IOException("the snapshot is gone");
              }
              return new Span(new Extent(offset, 4096), Span.Kind.READ);
            });
    assertThatThrownBy(
            () -> {
              try (ChunkPipeline<long[]> pipeline =
                  pipeline(failing, 8, (chunk, slot) -> dawdle(1, chunk, slot))) {
                pipeline.drain((chunk, slot) -> consumed.addAndGet((int) chunk.count()));
              }
            })
        .hasMessage("the snapshot is gone");
    assertThat(consumed).hasValue(50);
  }

  @Test
  void aWorkerThatDiesIsAFailureToRead() {
    for (Throwable death : List.of(new IllegalStateException("why"), new OutOfMemoryError("why"))) {
      assertThatThrownBy(
              () -> {
                try (ChunkPipeline<long[]> pipeline =
                    pipeline(all(), 1, (chunk, slot) -> sneak(death))) {
                  pipeline.drain(NOTHING);
                }
              })
          .isInstanceOf(IOException.class)
          .hasMessageContaining("why")
          .hasCause(death);
    }
  }

  @Test
  void aConsumerThatFailsEndsAll() {
    assertThatThrownBy(
            () -> {
              try (ChunkPipeline<long[]> pipeline =
                  pipeline(all(), 1, (chunk, slot) -> dawdle(2, chunk, slot))) {
                pipeline.drain(
                    (chunk, slot) -> {
                      throw new IOException("no more");
                    });
              }
            })
        .hasMessage("no more");
    assertThat(working).hasValue(0);
  }

  @Test
  void closingWakesWorkersThatWait() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch waiting = new CountDownLatch(ChunkPipeline.WORKERS);
    ChunkPipeline<long[]> pipeline =
        pipeline(
            all(),
            1,
            (chunk, slot) -> {
              waiting.countDown();
              await(never);
            });
    waiting.await();
    pipeline.close();
    assertThat(working).hasValue(0);
    pipeline.close();
  }

  @Test
  void closingWaitsForWorkersAlsoWhenInterrupted() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    ChunkPipeline<long[]> pipeline =
        pipeline(
            all(),
            1,
            (chunk, slot) -> {
              if (Thread.currentThread().getName().endsWith("-0")) {
                started.countDown();
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
                while (System.nanoTime() < end) {
                  Thread.onSpinWait();
                }
              } else {
                await(started);
              }
            });
    started.await();
    Thread.currentThread().interrupt();
    pipeline.close();
    assertThat(working).as("workers that still read").hasValue(0);
    assertThat(Thread.interrupted()).as("stays interrupted").isTrue();
  }

  @Test
  void aConsumerThatIsInterruptedWhileItWaitsGivesUp() {
    CountDownLatch never = new CountDownLatch(1);
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () -> {
              try (ChunkPipeline<long[]> pipeline =
                  pipeline(all(), 1, (chunk, slot) -> await(never))) {
                pipeline.drain(NOTHING);
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(Thread.interrupted()).as("stays interrupted").isTrue();
  }

  @Test
  void aRunThatIsNotReadTakesNoSlotAndNoScratch() throws IOException {
    List<BlockSpans.Run> runs = new ArrayList<>();
    ChangeSource unchanged =
        source(
            offset -> new Span(new Extent(offset, GEOMETRY.size() - offset), Span.Kind.UNCHANGED));
    Supplier<ChunkPipeline.Work<long[]>> works =
        () -> {
          throw new AssertionError("scratch for nothing");
        };
    try (ChunkPipeline<long[]> pipeline =
        new ChunkPipeline<>(new BlockSpans(unchanged, GEOMETRY), 1, () -> new long[1], works)) {
      pipeline.drain(
          (run, slot) -> {
            assertThat(slot).isNull();
            runs.add(run);
          });
    }
    assertThat(runs).containsExactly(new BlockSpans.Run(0, BLOCKS, Span.Kind.UNCHANGED));
  }

  @Test
  void memoryThatCannotBeHadEndsTheRunWithAnError() {
    Supplier<ChunkPipeline.Work<long[]>> works =
        () -> {
          throw new OutOfMemoryError("no scratch");
        };
    BlockSpans spans = new BlockSpans(all(), GEOMETRY);
    try (ChunkPipeline<long[]> pipeline = new ChunkPipeline<>(spans, 1, () -> new long[1], works)) {
      assertThatThrownBy(() -> pipeline.drain(NOTHING))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no scratch");
    }
  }

  private ChunkPipeline<long[]> pipeline(
      ChangeSource source, int chunkBlocks, ChunkPipeline.Work<long[]> work) {
    return new ChunkPipeline<>(
        new BlockSpans(source, GEOMETRY),
        chunkBlocks,
        () -> {
          slots.incrementAndGet();
          return new long[1];
        },
        () ->
            (chunk, slot) -> {
              working.incrementAndGet();
              try {
                work.fill(chunk, slot);
              } finally {
                working.decrementAndGet();
              }
            });
  }

  private interface Spans {
    Span next(long offset) throws IOException;
  }

  private static ChangeSource source(Spans spans) {
    return new ChangeSource() {
      @Override
      public String name() {
        return "test";
      }

      @Override
      public Span next(long offset) throws IOException {
        return spans.next(offset);
      }
    };
  }

  private static ChangeSource all() {
    return source(offset -> new Span(new Extent(offset, GEOMETRY.size() - offset), Span.Kind.READ));
  }

  private static void dawdle(long seed, BlockSpans.Run chunk, long[] slot) {
    slot[0] = -1;
    LockSupport.parkNanos(new Random(seed * 1000 + chunk.first()).nextInt(200_000));
    slot[0] = chunk.first();
  }

  private static void dawdleOrFail(long seed, Set<Long> bad, BlockSpans.Run chunk, long[] slot)
      throws IOException {
    dawdle(seed, chunk, slot);
    if (bad.contains(chunk.first())) {
      throw new IOException("bad block " + chunk.first());
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  private static void sneak(Throwable death) {
    if (death instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) death;
  }
}
