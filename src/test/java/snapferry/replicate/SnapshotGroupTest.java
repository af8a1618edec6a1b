package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import snapferry.device.BlockDevice;
import snapferry.device.CacheUse;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** Who shares a snapshot with whom, and when it goes. */
@NullMarked
@Timeout(60)
class SnapshotGroupTest {
  private static final Path SOURCE = Path.of("/dev/x");

  private final CountedVolume volume = new CountedVolume(4);
  private final SnapshotGroup group = new SnapshotGroup(Duration.ofHours(1));
  private final List<Taken> taken = new ArrayList<>();
  private @Nullable Failure failing;

  private final class Taken implements Snapshot {
    private final Monitor audience;
    private boolean closed;

    Taken(Monitor audience) {
      this.audience = audience;
    }

    @Override
    public BlockDevice open(@Nullable CacheUse cache) {
      assertThat(closed).isFalse();
      return volume.open();
    }

    @Override
    public boolean isFrozen() {
      return true;
    }

    @Override
    public void check() {}

    @Override
    public void close() {
      assertThat(closed).isFalse();
      closed = true;
    }
  }

  private Snapshots taking(Monitor audience) {
    return source -> {
      if (failing != null) {
        throw failing;
      }
      Taken one = new Taken(audience);
      taken.add(one);
      return one;
    };
  }

  private SnapshotGroup.Member begin() {
    return group.begin(System.nanoTime());
  }

  private Snapshot take(SnapshotGroup.Member member) throws IOException {
    return take(member, Monitor.SILENT);
  }

  private Snapshot take(SnapshotGroup.Member member, Monitor monitor) throws IOException {
    return member.take(SOURCE, this::taking, monitor, System.nanoTime());
  }

  private static void readPiece(BlockDevice device, int piece) throws IOException {
    device.read((long) piece * CountedVolume.PIECE, ByteBuffer.allocate(CountedVolume.PIECE));
  }

  @Test
  void oneSnapshotIsTakenForAllAndGoesWithTheLast() throws Exception {
    SnapshotGroup.Member a = begin();
    SnapshotGroup.Member b = begin();
    Snapshot first = take(a);
    Snapshot second = take(b);
    assertThat(taken).hasSize(1);
    first.close();
    first.close();
    a.end();
    assertThat(taken.get(0).closed).isFalse();
    second.close();
    assertThat(taken.get(0).closed).isTrue();
    b.end();
  }

  @Test
  void itStaysForOneWhoIsOnTheWayAndGoesWhenThatOneDoesNotCome() throws Exception {
    SnapshotGroup.Member a = begin();
    SnapshotGroup.Member late = begin();
    SnapshotGroup.Member dead = begin();
    take(a).close();
    a.end();
    Snapshot shared = take(late);
    assertThat(taken).hasSize(1);
    shared.close();
    late.end();
    assertThat(taken.get(0).closed).as("one is on the way").isFalse();
    dead.end();
    assertThat(taken.get(0).closed).isTrue();
  }

  @Test
  void whoWasDueLaterTakesANewerOneAndTheOldOneWaitsForNobody() throws Exception {
    SnapshotGroup.Member slow = begin();
    SnapshotGroup.Member stuck = begin();
    Snapshot old = take(slow);
    SnapshotGroup.Member next = begin();
    Snapshot newer = take(next);
    assertThat(taken).hasSize(2);
    old.close();
    assertThat(taken.get(0).closed).as("who is on the way goes to the newer one").isTrue();
    Snapshot last = take(stuck);
    assertThat(taken).hasSize(2);
    newer.close();
    assertThat(taken.get(1).closed).isFalse();
    last.close();
    assertThat(taken.get(1).closed).isTrue();
  }

  @Test
  void whoWasDueBeforeJoinsAlsoWhenItBeginsLater() throws Exception {
    long due = System.nanoTime();
    Snapshot first = take(begin());
    SnapshotGroup.Member later = group.begin(due);
    first.close();
    assertThat(taken.get(0).closed).isFalse();
    take(later).close();
    assertThat(taken).hasSize(1);
    assertThat(taken.get(0).closed).isTrue();
  }

  @Test
  void whatFailedWhileSomebodyWaitedForItFailedForBothAndTheNextTriesAgain() throws Exception {
    SnapshotGroup.Member a = begin();
    SnapshotGroup.Member b = begin();
    long asked = System.nanoTime();
    failing = new Failure(ExitCode.FAILED, "--pre ended with exit status 1");
    assertThatThrownBy(() -> take(a)).isSameAs(failing);
    failing = null;
    assertThatThrownBy(() -> b.take(SOURCE, this::taking, Monitor.SILENT, asked))
        .isInstanceOfSatisfying(Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.FAILED))
        .hasMessage("--pre ended with exit status 1");
    assertThat(taken).isEmpty();
    take(begin()).close();
    assertThat(taken).hasSize(1);
  }

  @Test
  void allWhoReadItHearWhatIsSaidOfItAndTheLastOneAlsoAfterwards() throws Exception {
    Notes ofA = new Notes();
    Notes ofB = new Notes();
    Snapshot first = take(begin(), ofA);
    Monitor audience = taken.get(0).audience;
    audience.warn("one");
    SnapshotGroup.Member b = group.begin(System.nanoTime() - 1_000_000_000_000L);
    Snapshot second = take(b, ofB);
    audience.warn("two");
    first.close();
    audience.warn("three");
    second.close();
    audience.warn("four");
    assertThat(ofA.warnings).containsExactly("one", "two");
    assertThat(ofB.warnings).containsExactly("two", "three", "four");
  }

  @Test
  void theReadingBeginsWhenAllHaveComeOrWillNotAndIsOne() throws Exception {
    SnapshotGroup.Member a = begin();
    SnapshotGroup.Member b = begin();
    SnapshotGroup.Member dead = begin();
    List<FutureTask<Boolean>> tasks = new ArrayList<>();
    for (SnapshotGroup.Member member : List.of(a, b)) {
      BlockDevice device = take(member).open(null);
      FutureTask<Boolean> task =
          new FutureTask<>(
              () -> {
                for (int piece = 0; piece < 4; piece++) {
                  readPiece(device, piece);
                }
                return true;
              });
      Thread thread = new Thread(task);
      thread.setDaemon(true);
      thread.start();
      while (thread.getState() != Thread.State.TIMED_WAITING) {
        assertThat(task.isDone()).as("began without the third").isFalse();
        Thread.onSpinWait();
      }
      tasks.add(task);
    }
    assertThat(volume.reads(0, 3)).isZero();
    dead.end();
    for (FutureTask<Boolean> task : tasks) {
      assertThat(task.get()).isTrue();
    }
    assertThat(volume.reads(0, 3)).isEqualTo(4);
  }

  @Test
  void nobodyWaitsForEverForOneWhoIsStuck() throws Exception {
    Gathering gathering = new Gathering(List.of("stuck", "here"), Duration.ofMillis(1));
    gathering.arrived("here");
    gathering.await();
    gathering.await();
  }
}
