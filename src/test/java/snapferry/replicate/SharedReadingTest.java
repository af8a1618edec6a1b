package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Phaser;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import snapferry.device.BlockDevice;

/** Several runs that read one volume, which is read once as far as they keep together. */
@NullMarked
@Timeout(60)
class SharedReadingTest {
  private static final long SEED = Long.getLong("snapferry.seed", 1);
  private static final int PIECE = SharedReading.PIECE;
  private static final int RING = SharedReading.PIECES;

  private final SharedReading reading = new SharedReading(true);

  private static void readPiece(CountedVolume volume, BlockDevice reads, int piece)
      throws IOException {
    read(volume, reads, (long) piece * PIECE, PIECE);
  }

  private static void read(CountedVolume volume, BlockDevice reads, long offset, int length)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    reads.read(offset, bytes);
    assertThat(bytes.hasRemaining()).isFalse();
    assertThat(volume.is(bytes, offset)).as("bytes from %s on", offset).isTrue();
  }

  private static FutureTask<Boolean> start(List<Thread> threads, Callable<Boolean> work) {
    FutureTask<Boolean> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "reader-" + threads.size());
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
    return task;
  }

  /** One of several runs. */
  private interface Run {
    void goThrough(BlockDevice reads, Random random) throws Exception;
  }

  private void sideBySide(CountedVolume volume, int runs, Run work) throws Exception {
    List<FutureTask<Boolean>> tasks = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      Random random = new Random(SEED + run);
      BlockDevice reads = reading.by(volume.open());
      tasks.add(
          start(
              threads,
              () -> {
                work.goThrough(reads, random);
                return true;
              }));
    }
    for (FutureTask<Boolean> task : tasks) {
      assertThat(task.get()).as("seed %s", SEED).isTrue();
    }
  }

  /** However they are scheduled: they only never get further apart than the ring is long. */
  @Test
  void runsOfDifferentSpeedSideBySideReadEachPieceOnce() throws Exception {
    CountedVolume volume = new CountedVolume(300);
    int runs = 3;
    Phaser steps = new Phaser(runs);
    sideBySide(
        volume,
        runs,
        (reads, random) -> {
          for (int piece = 0; piece < 300; piece++) {
            readPiece(volume, reads, piece);
            for (int i = random.nextInt(20); i > 0; i--) {
              Thread.onSpinWait();
            }
            if (piece % (RING / 2) == 0) {
              steps.arriveAndAwaitAdvance();
            }
          }
        });
    for (int piece = 0; piece < 300; piece++) {
      assertThat(volume.reads(piece)).as("seed %s, piece %s", SEED, piece).isEqualTo(1);
    }
  }

  @Test
  void whoFellBehindReadsForItselfAndKeepsTheOthersFromNothing() throws Exception {
    CountedVolume volume = new CountedVolume(500 + 30 * RING);
    SharedReading.Reads ahead = reading.by(volume.open());
    SharedReading.Reads behind = reading.by(volume.open());
    SharedReading.Reads last = reading.by(volume.open());
    int front = 0;
    while (front < 500) {
      readPiece(volume, ahead, front++);
    }
    // Two that are far behind keep together, in spite of one ahead who is so much faster.
    for (int piece = 0; piece < 30; piece++) {
      readPiece(volume, behind, piece);
      for (int i = 0; i < RING; i++) {
        readPiece(volume, ahead, front++);
      }
      readPiece(volume, last, piece);
    }
    assertThat(volume.reads(500, front - 1)).isEqualTo(30 * RING);
    assertThat(volume.reads(0, 29)).isEqualTo(2 * 30);
    assertThat(ahead.found()).isZero();
    assertThat(last.found()).isEqualTo(30L * PIECE);
  }

  @Test
  void whoCatchesUpFindsWhatIsReadAgain() throws Exception {
    CountedVolume volume = new CountedVolume(1000);
    BlockDevice ahead = reading.by(volume.open());
    BlockDevice late = reading.by(volume.open());
    for (int piece = 0; piece < 500; piece++) {
      readPiece(volume, ahead, piece);
    }
    for (int piece = 0; piece < 500; piece++) {
      readPiece(volume, late, piece);
    }
    for (int piece = 500; piece < 1000; piece++) {
      readPiece(volume, ahead, piece);
      readPiece(volume, late, piece);
    }
    assertThat(volume.reads(500, 999)).as("but until a sample is found").isBetween(500, 516);
  }

  @Test
  void whoStallsIsWaitedForByThoseWhoNeedThatPieceOnly() throws Exception {
    CountedVolume volume = new CountedVolume(4);
    volume.stall(0);
    List<Thread> threads = new ArrayList<>();
    BlockDevice stalling = reading.by(volume.open());
    BlockDevice waiting = reading.by(volume.open());
    BlockDevice passing = reading.by(volume.open());
    FutureTask<Boolean> first = start(threads, () -> readAll(volume, stalling));
    volume.awaitStall();
    FutureTask<Boolean> second = start(threads, () -> readAll(volume, waiting));
    for (int piece = 1; piece < 4; piece++) {
      readPiece(volume, passing, piece);
    }
    while (threads.get(1).getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    volume.release();
    assertThat(first.get() && second.get()).isTrue();
    assertThat(volume.reads(0, 3)).isEqualTo(4);
  }

  private static boolean readAll(CountedVolume volume, BlockDevice reads) throws IOException {
    for (int piece = 0; piece < volume.size() / PIECE; piece++) {
      readPiece(volume, reads, piece);
    }
    return true;
  }

  @Test
  void whoIsCutOffWhileItReadsTakesNothingFromTheOthers() throws Exception {
    CountedVolume volume = new CountedVolume(2);
    volume.stall(0);
    List<Thread> threads = new ArrayList<>();
    BlockDevice dying = reading.by(volume.open());
    BlockDevice other = reading.by(volume.open());
    FutureTask<Boolean> first = start(threads, () -> readAll(volume, dying));
    volume.awaitStall();
    FutureTask<Boolean> second = start(threads, () -> readAll(volume, other));
    while (threads.get(1).getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    volume.stall(-1);
    threads.get(0).interrupt();
    assertThatThrownBy(first::get).hasCauseInstanceOf(ClosedByInterruptException.class);
    assertThat(second.get()).isTrue();
    assertThat(volume.reads(0)).isEqualTo(2);
  }

  @Test
  void whatCannotBeReadIsTheSameErrorForAllAndNeverZeros() throws Exception {
    CountedVolume volume = new CountedVolume(3);
    volume.breakPiece(1);
    for (int run = 0; run < 3; run++) {
      BlockDevice reads = reading.by(volume.open());
      readPiece(volume, reads, 0);
      assertThatThrownBy(() -> readPiece(volume, reads, 1))
          .isInstanceOf(IOException.class)
          .hasMessage("counted: cannot read LBA 512");
      readPiece(volume, reads, 2);
    }
    assertThat(volume.reads(0)).isEqualTo(1);
    assertThat(volume.reads(1)).isEqualTo(3);
    assertThat(volume.reads(2)).isEqualTo(1);
  }

  @Test
  void noPieceIsOverwrittenWhileSomebodyCopiesIt() throws Exception {
    CountedVolume volume = new CountedVolume(RING + RING / 2);
    sideBySide(
        volume,
        6,
        (reads, random) -> {
          for (int i = 0; i < 300; i++) {
            int length = (1 + random.nextInt(1000)) * 512;
            long sectors = (volume.size() - length) / 512;
            read(volume, reads, random.nextInt((int) sectors + 1) * 512L, length);
          }
        });
  }

  @Test
  void ofAVolumeThatIsWrittenToNobodyGetsWhatWasReadBeforeItCame() throws Exception {
    CountedVolume volume = new CountedVolume(1);
    SharedReading live = new SharedReading(false);
    BlockDevice early = live.by(volume.open());
    readPiece(volume, early, 0);
    volume.overwrite();
    BlockDevice late = live.by(volume.open());
    readPiece(volume, late, 0);
    assertThat(volume.reads(0)).isEqualTo(2);

    BlockDevice frozen = reading.by(volume.open());
    readPiece(volume, frozen, 0);
    readPiece(volume, reading.by(volume.open()), 0);
    assertThat(volume.reads(0)).isEqualTo(3);
  }
}
