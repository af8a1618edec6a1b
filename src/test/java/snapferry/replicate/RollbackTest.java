package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.delta.HashKind;
import snapferry.device.StateDirectory;
import snapferry.extent.BlockSize;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.Manifest;
import snapferry.journal.StateFiles;
import snapferry.journal.UndoChain;
import snapferry.journal.UndoWriter;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** A standby goes back to what it held at an earlier epoch, and on from there. */
@NullMarked
class RollbackTest {
  private static final Wishes FULL = new Wishes(false, false, true, false, null, null);

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final String what = "seed " + seed;

  private static UndoChain chain(KeptEpochs epochs) throws IOException {
    Manifest manifest = Objects.requireNonNull(epochs.rig().manifest(), "a standby");
    try (StateDirectory state = epochs.rig().standbyDisk.directory(Rig.STATE)) {
      return UndoChain.of(state, manifest);
    }
  }

  private static Failure refusal(KeptEpochs epochs, long epoch) {
    return catchThrowableOfType(Failure.class, () -> epochs.rollBack(epoch));
  }

  @Test
  void everyEpochThatIsKeptCanBeGoneBackTo() throws IOException {
    KeptEpochs epochs = KeptEpochs.make(random, 6, 4);
    assertThat(chain(epochs).links()).hasSize(4);
    for (long epoch = 2; epoch < 6; epoch++) {
      epochs.checkGoesBack(epoch, what);
    }
  }

  @Test
  void aRollbackIsAnEpochThatCanBeRolledBack() throws IOException {
    KeptEpochs epochs = KeptEpochs.make(random, 4, 8);
    epochs.rollBack(1);
    epochs.check(1, what);
    assertThat(epochs.epoch()).isEqualTo(5);
    epochs.rollBack(4);
    epochs.check(4, what);
    epochs.rollBack(2);
    epochs.check(2, what);
    assertThat(epochs.epoch()).isEqualTo(7);
    epochs.checkGoesBack(1, what);
  }

  @Test
  void itsSourceGoesOnOnlyWhenToldTo() throws IOException {
    KeptEpochs epochs = KeptEpochs.make(random, 3, 8);
    epochs.rollBack(1);
    Failure refused = catchThrowableOfType(Failure.class, () -> epochs.rig().replicate());
    assertThat(refused)
        .as(what)
        .hasMessageContaining("rolled back")
        .hasMessageContaining("--rejoin");
    assertThat(refused.exit()).isEqualTo(ExitCode.LINEAGE);
    epochs.check(1, what);
    epochs.push(Volumes.edited(random, epochs.content(3), 2));
    epochs.check(5, what);
    epochs.rollBack(4);
    epochs.check(1, what);
  }

  @Test
  void aSizeThatTheVolumeHadComesBack() throws IOException {
    KeptEpochs epochs = KeptEpochs.make(random, 2, 20);
    byte[] grown = Arrays.copyOf(epochs.content(2), KeptEpochs.SIZE + 30_208);
    byte[] tail = Volumes.random(random, 20_480);
    System.arraycopy(tail, 0, grown, KeptEpochs.SIZE + 4096, tail.length);
    epochs.push(grown);
    epochs.push(Volumes.edited(random, grown, 3));
    for (long epoch : List.of(2L, 4L, 1L, 3L)) {
      epochs.rollBack(epoch);
      epochs.check(epoch, what + ", back to " + epoch);
    }
    epochs.rollBack(2);
    epochs.push(Volumes.edited(random, grown, 3));
    epochs.check(epochs.last(), what);
    epochs.checkGoesBack(4, what);
  }

  @Test
  void anotherBlockSizeAndHashAreNoObstacle() throws IOException {
    KeptEpochs epochs = KeptEpochs.make(random, 2, 20);
    byte[] next = Volumes.edited(random, epochs.content(2), 3);
    epochs.rig().source(next);
    Wishes other =
        new Wishes(false, false, true, false, HashKind.SHA256, new BlockSize(BlockSize.PAGE));
    epochs.rig().push(Purpose.REPLICATE, other);
    epochs.checkGoesBack(1, what);
  }

  @Test
  void whatWasComparedAsAWholeIsKeptToo() throws IOException {
    KeptEpochs epochs = KeptEpochs.make(random, 2, 3);
    epochs.rig().source(Volumes.edited(random, epochs.content(2), 3));
    epochs.rig().push(Purpose.REPLICATE, FULL);
    epochs.checkGoesBack(2, what);
  }

  @Test
  void asMuchIsKeptAsTheRunBeforeWasTold() throws IOException {
    KeptEpochs epochs = KeptEpochs.make(random, 5, 3);
    epochs.rig().keep = null;
    epochs.push(epochs.content(1));
    assertThat(chain(epochs).links()).hasSize(3);
    epochs.rig().keep = 1;
    epochs.push(epochs.content(2));
    assertThat(chain(epochs).links()).hasSize(1);
    epochs.rig().keep = 0;
    epochs.push(epochs.content(3));
    assertThat(chain(epochs).links()).isEmpty();
    assertThat(files(epochs)).noneMatch(file -> file.startsWith("undo"));
    epochs.rig().keep = null;
    epochs.push(epochs.content(4));
    assertThat(chain(epochs).links()).isEmpty();
    assertThat(refusal(epochs, 8).exit()).isEqualTo(ExitCode.FAILED);
  }

  private static List<String> files(KeptEpochs epochs) throws IOException {
    try (StateDirectory state = epochs.rig().standbyDisk.directory(Rig.STATE)) {
      return state.files();
    }
  }

  @Test
  void whatIsPromotedOrAdoptedAnewHasNoPast() throws IOException {
    KeptEpochs promoted = KeptEpochs.make(random, 3, 3);
    KeptEpochs adopted = promoted.copy();
    promoted = promoted.copy();
    try (Standby standby = promoted.rig().open()) {
      standby.promote();
    }
    assertThat(files(promoted)).noneMatch(file -> file.startsWith("undo"));
    assertThat(refusal(promoted, 2)).hasMessageContaining("was promoted");
    StateFile.of(adopted.rig().standbyDisk, Rig.STATE, StateFiles.MANIFEST).delete();
    adopted.rig().push(Purpose.REPLICATE, new Wishes(true, false, false, false, null, null));
    assertThat(files(adopted)).noneMatch(file -> file.startsWith("undo"));
  }

  @Test
  void anEpochThatIsNotKeptIsRefusedAndTheFurthestNamed() throws IOException {
    KeptEpochs epochs = KeptEpochs.make(random, 5, 2);
    Failure refused = refusal(epochs, 2);
    assertThat(refused)
        .hasMessageContaining("the earliest that it can go back to is epoch 3")
        .hasMessageContaining("Nothing was touched");
    assertThat(refused.exit()).isEqualTo(ExitCode.FAILED);
    assertThat(refusal(epochs, 5).exit()).isEqualTo(ExitCode.USAGE);
    assertThat(refusal(epochs, 6).exit()).isEqualTo(ExitCode.USAGE);
    epochs.check(5, what);
  }

  @Test
  void aRehearsalWritesNothing() throws IOException {
    KeptEpochs epochs = KeptEpochs.make(random, 3, 3);
    try (Standby standby = Standby.open(epochs.rig().standbyPlace(), true, Monitor.SILENT)) {
      int operations = epochs.rig().standbyDisk.operations();
      assertThat(Rollback.prepare(standby, 1, Monitor.SILENT).rehearse()).as(what).isPositive();
      assertThat(epochs.rig().standbyDisk.operations()).isEqualTo(operations);
    }
    epochs.check(3, what);
  }

  @Test
  void anImageThatChangedBehindOurBackIsNotRolledBack() throws IOException {
    KeptEpochs epochs = KeptEpochs.make(random, 1, 3);
    byte[] next = epochs.content(1).clone();
    next[100] ^= 1;
    epochs.push(next);
    byte[] damaged = next.clone();
    damaged[5000] ^= 1;
    epochs.rig().standbyDisk.preload(Rig.IMAGE, damaged);
    assertThat(refusal(epochs, 1).exit()).as(what).isEqualTo(ExitCode.INTEGRITY);
    assertThat(epochs.rig().image()).isEqualTo(damaged);
    assertThat(epochs.epoch()).isEqualTo(2);
  }

  /** Every checksum is right, and the bytes are another epoch's: the root tells. */
  @Test
  void aRecordThatDoesNotLeadToItsRootIsRefused() throws IOException {
    KeptEpochs epochs = KeptEpochs.make(random, 2, 3);
    Manifest now = Objects.requireNonNull(epochs.rig().manifest(), what);
    byte[] other = Volumes.random(random, BlockSize.PAGE);
    Arrays.fill(other, (byte) 7);
    try (StateDirectory state = epochs.rig().standbyDisk.directory(Rig.STATE)) {
      long time = UndoChain.of(state, now).links().get(0).time();
      Manifest base =
          Manifest.seeding(now.label(), now.volume(), UUID.randomUUID(), now.shape(), now.time())
              .standing(
                  1,
                  UndoChain.of(state, now).links().get(0).baseRoot(),
                  now.shape(),
                  Instant.ofEpochMilli(time));
      try (UndoWriter writer = UndoWriter.create(state, base, 3)) {
        writer.keep(0, ByteBuffer.wrap(other), 0, other.length);
        writer.seal(now.root());
      }
      state.sync();
    }
    Failure refused = refusal(epochs, 1);
    assertThat(refused.exit()).as(what).isEqualTo(ExitCode.INTEGRITY);
    assertThat(refused).hasMessageContaining("Nothing was touched");
    epochs.check(2, what);
    assertThat(files(epochs)).doesNotContain(StateFiles.JOURNAL, StateFiles.undo(3));
  }

  @Test
  void aRecordThatIsGarbledAnywhereIsRefused() throws IOException {
    SmallVolume volume = new SmallVolume();
    Rig rig = volume.cached();
    rig.keep = 3;
    rig.replicate();
    StateFile file = StateFile.of(rig.standbyDisk, Rig.STATE, StateFiles.undo(2));
    byte[] whole = file.load();
    for (int at = 0; at < whole.length; at += at < 200 || at >= 4096 ? 1 : 97) {
      byte[] garbled = whole.clone();
      garbled[at] ^= (byte) (1 << random.nextInt(8));
      checkRefused(rig, file, garbled, volume.next, "byte " + at + ", " + what);
    }
  }

  @Test
  void aRecordThatIsCutAnywhereIsRefused() throws IOException {
    SmallVolume volume = new SmallVolume();
    Rig rig = volume.cached();
    rig.keep = 3;
    rig.replicate();
    StateFile file = StateFile.of(rig.standbyDisk, Rig.STATE, StateFiles.undo(2));
    byte[] whole = file.load();
    for (int length = 0; length < whole.length; length += length < 4000 ? 211 : 1) {
      checkRefused(rig, file, Arrays.copyOf(whole, length), volume.next, "length " + length);
    }
    checkRefused(rig, file, Arrays.copyOf(whole, whole.length + 1), volume.next, "longer");
  }

  private static void checkRefused(
      Rig rig, StateFile file, byte[] content, byte[] image, String what) throws IOException {
    file.replace(content);
    try (Standby standby = rig.open()) {
      Failure refused =
          catchThrowableOfType(
              Failure.class, () -> Rollback.prepare(standby, 1, Monitor.SILENT).run());
      assertThat(refused).as(what).hasMessageContaining("Nothing was touched");
      assertThat(refused.exit()).as(what).isEqualTo(ExitCode.INTEGRITY);
    }
    assertThat(rig.image()).as(what).isEqualTo(image);
  }

  @Test
  void whereOneIsDamagedItGoesBackToTheEpochAfterIt() throws IOException {
    KeptEpochs epochs = KeptEpochs.make(random, 5, 8);
    StateFile file = StateFile.of(epochs.rig().standbyDisk, Rig.STATE, StateFiles.undo(3));
    file.flip(file.load().length - 1, 4);
    assertThat(refusal(epochs, 1))
        .hasMessageContaining("the earliest that it can go back to is epoch 3")
        .hasMessageContaining("undo-3");
    file.delete();
    assertThat(refusal(epochs, 2)).hasMessageContaining("is epoch 3");
    epochs.rollBack(3);
    epochs.check(3, what);
  }
}
