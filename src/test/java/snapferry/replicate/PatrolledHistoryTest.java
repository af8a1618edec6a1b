package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import snapferry.device.BlockDevice;
import snapferry.device.HostileDisk;
import snapferry.device.StateDirectory;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.Manifest;
import snapferry.journal.UndoChain;
import snapferry.patrol.Moment;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** What rotted on a standby that keeps its past leads nowhere, and is said. */
@NullMarked
class PatrolledHistoryTest {
  private static final Duration PERIOD = Duration.ofDays(30);
  private static final int BLOCK = KeptEpochs.BLOCK;
  private static final int BLOCKS = KeptEpochs.SIZE / BLOCK;
  private static final int LAST = 3;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final String what = "seed " + seed;
  private final Notes notes = new Notes();
  private KeptEpochs epochs = KeptEpochs.make(random, LAST - 1, 9);

  /** What becomes of a block. */
  private enum Change {
    BYTE {
      @Override
      void in(byte[] content, int from, Random random) {
        content[from + random.nextInt(BLOCK)] ^= 1;
      }
    },
    ALL {
      @Override
      void in(byte[] content, int from, Random random) {
        byte[] bytes = new byte[BLOCK];
        random.nextBytes(bytes);
        System.arraycopy(bytes, 0, content, from, BLOCK);
      }
    },
    CLEARED {
      @Override
      void in(byte[] content, int from, Random random) {
        Arrays.fill(content, from, from + BLOCK, (byte) 0);
      }
    };

    abstract void in(byte[] content, int from, Random random);
  }

  PatrolledHistoryTest() throws IOException {}

  @BeforeEach
  void patrol() throws IOException {
    Rig rig = epochs.rig();
    rig.settings = Rig.SETTINGS.withPatrol(PERIOD);
    rig.monitor = notes;
    byte[] full = epochs.content(LAST - 1).clone();
    for (int block = 0; block < BLOCKS; block++) {
      full[block * BLOCK + random.nextInt(BLOCK)] |= 64;
    }
    epochs.push(full);
    assertThat(notes.warnings).as(what).isEmpty();
    assertThat(links()).as(what).hasSize(LAST - 1);
  }

  private List<?> links() throws IOException {
    Manifest manifest = Objects.requireNonNull(epochs.rig().manifest(), "a standby");
    try (StateDirectory state = epochs.rig().standbyDisk.directory(Rig.STATE)) {
      UndoChain chain = UndoChain.of(state, manifest);
      assertThat(chain.broken()).as(what).isFalse();
      return chain.links();
    }
  }

  private List<String> records() throws IOException {
    try (StateDirectory state = epochs.rig().standbyDisk.directory(Rig.STATE)) {
      return state.files().stream().filter(file -> file.startsWith("undo")).toList();
    }
  }

  /** Somebody's hand, or a fault. */
  private void rot(int block) throws IOException {
    try (BlockDevice image = epochs.rig().standbyDisk.file(Rig.IMAGE, 0)) {
      int at = block * BLOCK + random.nextInt(BLOCK);
      ByteBuffer one = ByteBuffer.allocate(1);
      image.read(at, one);
      image.write(at, one.put(0, (byte) (one.get(0) ^ 4)).flip());
      image.sync();
    }
  }

  private void aPeriodLater() {
    Rig rig = epochs.rig();
    rig.now = new Moment(rig.now.boot(), rig.now.uptime() + PERIOD.toMillis(), 0);
  }

  private void checkHistoryBeginsWith(long epoch) throws IOException {
    assertThat(String.join("\n", notes.warnings))
        .as(what)
        .contains("history begins anew with epoch " + epoch + ":");
    assertThat(links()).as(what).isEmpty();
    assertThat(records()).as(what).isEmpty();
    Failure refused = catchThrowableOfType(Failure.class, () -> epochs.copy().rollBack(epoch - 1));
    assertThat(refused.exit()).as("%s, %s", refused, what).isEqualTo(ExitCode.FAILED);
  }

  @ParameterizedTest
  @EnumSource
  void whatRottedBeforeItChangedIsNotTakenForThePast(Change change) throws IOException {
    int block = 1 + random.nextInt(BLOCKS - 2);
    rot(block);
    byte[] next = Volumes.edited(random, epochs.content(LAST), 1);
    for (int changed = block - 1; changed <= block + 1; changed++) {
      change.in(next, changed * BLOCK, random);
    }
    epochs.push(next);
    epochs.check(LAST + 1, what);
    checkHistoryBeginsWith(LAST + 1);

    // From there on there is a past again.
    notes.warnings.clear();
    epochs = epochs.copy();
    epochs.push(Volumes.edited(random, next, 2));
    epochs.push(Volumes.edited(random, next, 2));
    assertThat(notes.warnings).as(what).isEmpty();
    assertThat(links()).as(what).hasSize(2);
    epochs.checkGoesBack(LAST + 1, what);
  }

  /** What is not known is not on the disk at any moment at which the new epoch may be. */
  @Test
  void noPowerCutBringsBackAPastThatIsNotKnown() throws IOException {
    rot(1);
    byte[] next = epochs.content(LAST).clone();
    Change.BYTE.in(next, BLOCK, random);
    KeptEpochs before = epochs;
    int renewed = 0;
    for (int n = 0; ; n++) {
      KeptEpochs broken = before.copy();
      HostileDisk disk = broken.rig().standbyDisk;
      disk.crashAt(n, random);
      try {
        broken.push(next);
      } catch (IOException e) {
        // As arranged.
      }
      if (disk.operations() <= n) {
        break;
      }
      epochs = broken.on(broken.rig().rebooted(random));
      if (epochs.epoch() == LAST + 1) {
        renewed++;
        assertThat(links()).as("crash at operation %d, %s", n, what).isEmpty();
      }
    }
    assertThat(renewed).as(what).isPositive();
  }

  @Test
  void whatRottedAndDidNotChangeCostsNoHistory() throws IOException {
    byte[] next = epochs.content(LAST).clone();
    Change.BYTE.in(next, 3 * BLOCK, random);
    Change.CLEARED.in(next, 6 * BLOCK, random);
    for (int block : List.of(0, 4, 7)) {
      rot(block);
    }
    aPeriodLater();
    epochs.push(next);
    assertThat(notes.warnings).as(what).singleElement().asString().contains("3 blocks");
    epochs.check(LAST + 1, what);
    assertThat(links()).as(what).hasSize(LAST);
    epochs = epochs.copy();
    for (long epoch = 1; epoch <= LAST; epoch++) {
      epochs.checkGoesBack(epoch, what);
      epochs = epochs.copy();
    }
  }

  @Test
  void anImageThatIsNotTheLastEpochIsNoPastOfTheOneThatIsComparedAsAWhole() throws IOException {
    epochs.rig().settings = Rig.SETTINGS;
    rot(random.nextInt(BLOCKS));
    epochs.rig().source(epochs.content(LAST));
    Wishes full = new Wishes(false, false, true, false, null, null);
    assertThat(epochs.rig().push(Purpose.REPLICATE, full).blocksChanged()).as(what).isEqualTo(1);
    epochs.check(LAST, what);
    checkHistoryBeginsWith(LAST + 1);
  }
}
