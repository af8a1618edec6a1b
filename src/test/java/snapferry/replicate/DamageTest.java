package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import snapferry.delta.SignatureLayout;
import snapferry.device.HostileDisk;
import snapferry.device.StateDirectory;
import snapferry.extent.BlockSize;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.JournalRecovery;
import snapferry.journal.Manifest;
import snapferry.journal.StateFiles;
import snapferry.journal.Verdict;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/**
 * What either end remembers is damaged at rest, byte by byte: the next run makes the image a copy,
 * or refuses and leaves an epoch; and what the refusal offers makes it a copy.
 */
@NullMarked
class DamageTest {
  private static final Wishes INIT = new Wishes(true, false, false, false, null, null);

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final SmallVolume volume = new SmallVolume();
  private final byte[] last = later(volume.next);

  @Test
  void aDamagedManifestOfTheStandbyIsRefused() throws IOException {
    Rig before = volume.cached();
    byte[] manifest = file(before.copy().standbyDisk, StateFiles.MANIFEST).load();
    for (int i = random.nextInt(3); i < 2 * manifest.length; i += 3) {
      Rig rig = before.copy();
      byte[] damaged =
          i < manifest.length ? flipped(manifest, i) : Arrays.copyOf(manifest, i - manifest.length);
      file(rig.standbyDisk, StateFiles.MANIFEST).replace(damaged);
      String what = "damage " + i + ", seed " + seed;
      Failure failure = replicate(rig, Wishes.NONE);
      assertThat(failure).as(what).isNotNull();
      assertThat(failure.exit()).as("%s: %s", what, failure).isEqualTo(ExitCode.INTEGRITY);
      assertThat(rig.image()).as(what).isEqualTo(volume.old);
      if (random.nextInt(8) == 0) {
        assertThat(replicate(rig, INIT)).as(what).isNull();
        assertThat(rig.image()).as(what).isEqualTo(volume.next);
      }
    }
  }

  @Test
  void aDamagedJournalIsReplayedWholeOrRefusedWhole() throws IOException {
    Rig before = committedNotApplied();
    byte[] journal = file(before.copy().standbyDisk, StateFiles.JOURNAL).load();
    int refused = 0;
    for (int at = 0; at < journal.length; at += step(journal, at)) {
      refused += journal(before, flipped(journal, at), "byte " + at) ? 1 : 0;
    }
    for (int length = 0; length < journal.length; length += 61) {
      refused += journal(before, Arrays.copyOf(journal, length), "cut to " + length) ? 1 : 0;
    }
    assertThat(refused).as("seed %d", seed).isGreaterThan(300);
  }

  @Test
  void whoOnlyLooksDoesNotRecover() throws IOException {
    Rig before = committedNotApplied();
    for (Purpose purpose : new Purpose[] {Purpose.DRY_RUN, Purpose.VERIFY}) {
      Rig rig = before.copy();
      Failure failure = catchThrowableOfType(Failure.class, () -> rig.push(purpose, Wishes.NONE));
      assertThat(failure).as("%s, seed %d", purpose, seed).isNotNull();
      assertThat(failure.exit()).as("%s", failure).isEqualTo(ExitCode.FAILED);
      assertThat(rig.standbyDisk.operations()).as("%s, seed %d", purpose, seed).isZero();
      rig.source(last);
      assertThat(replicate(rig, Wishes.NONE)).as("%s, seed %d", purpose, seed).isNull();
      assertThat(rig.image()).isEqualTo(last);
    }
  }

  /** Whether a standby with this journal refuses; when it does not, it holds one epoch. */
  private boolean journal(Rig before, byte[] damaged, String where) throws IOException {
    Rig rig = before.copy();
    file(rig.standbyDisk, StateFiles.JOURNAL).replace(damaged);
    String what = where + ", seed " + seed;
    try (Standby standby = rig.open()) {
      boolean old = Arrays.equals(rig.image(), volume.old);
      boolean refuses = standby.damage() != null;
      if (!refuses) {
        long epoch = Objects.requireNonNull(standby.manifest(), what).epoch();
        assertThat(rig.image()).as(what).isEqualTo(epoch == 1 ? volume.old : volume.next);
      } else {
        assertThat(old).as(what).isTrue();
      }
    }
    rig.source(last);
    Failure failure = replicate(rig, Wishes.NONE);
    if (failure == null) {
      assertThat(rig.image()).as(what).isEqualTo(last);
      return false;
    }
    assertThat(failure.exit()).as("%s: %s", what, failure).isEqualTo(ExitCode.INTEGRITY);
    assertThat(rig.image()).as(what).isEqualTo(volume.old);
    if (random.nextInt(8) == 0) {
      assertThat(replicate(rig, INIT)).as(what).isNull();
      assertThat(rig.image()).as(what).isEqualTo(last);
      rig.source(volume.old);
      assertThat(replicate(rig, Wishes.NONE)).as("%s, after its adoption", what).isNull();
      assertThat(rig.image()).as(what).isEqualTo(volume.old);
    }
    return true;
  }

  @Test
  void aDamagedSignatureOfTheStandbyNeverMakesAWrongImage() throws IOException {
    for (Rig before : new Rig[] {volume.cached(), volume.stored()}) {
      int refused = signature(before, rig -> file(rig.standbyDisk, StateFiles.SIGNATURE));
      assertThat(refused).as("seed %d", seed).isPositive();
    }
  }

  @Test
  void aDamagedSignatureOfTheSourceNeverMakesAWrongImage() throws IOException {
    Rig before = volume.cached();
    String record = before.copy().sourceRecord();
    signature(before, rig -> StateFile.of(rig.sourceDisk, record, StateFiles.SIGNATURE));
  }

  private interface FileOf {
    StateFile file(Rig rig);
  }

  /** Returns how many damages were refused. */
  private int signature(Rig before, FileOf of) throws IOException {
    byte[] signature = of.file(before.copy()).load();
    int failures = 0;
    for (int at = 0; at < signature.length; at += step(signature, at)) {
      String what = "byte " + at + ", seed " + seed;
      Rig rig = before.copy();
      of.file(rig).flip(at, 1 << random.nextInt(8));
      Failure failure = replicate(rig, Wishes.NONE);
      if (failure != null) {
        failures++;
        assertThat(failure.exit()).as("%s: %s", what, failure).isEqualTo(ExitCode.INTEGRITY);
        assertThat(rig.image()).as(what).isEqualTo(volume.old);
        assertThat(replicate(rig, SmallVolume.FULL)).as(what).isNull();
      }
      assertThat(rig.image()).as(what).isEqualTo(volume.next);
      if (random.nextInt(3) > 0) {
        continue;
      }
      // What the damage left behind is found by the next run, or makes no difference to it.
      rig.source(last);
      Failure later = replicate(rig, Wishes.NONE);
      if (later != null) {
        assertThat(later.exit()).as("%s: %s", what, later).isEqualTo(ExitCode.INTEGRITY);
        assertThat(rig.image()).as(what).isEqualTo(volume.next);
        assertThat(replicate(rig, SmallVolume.FULL)).as(what).isNull();
      }
      assertThat(rig.image()).as(what).isEqualTo(last);
    }
    for (int length = 0; length < signature.length; length += 1501) {
      Rig rig = before.copy();
      of.file(rig).replace(Arrays.copyOf(signature, length));
      assertThat(replicate(rig, Wishes.NONE)).as("cut to %d", length).isNull();
      assertThat(rig.image()).as("cut to %d", length).isEqualTo(volume.next);
    }
    return failures;
  }

  @Test
  void aDamagedNodeOfEitherSignatureFailsTheProofOfTheRoot() throws IOException {
    byte[] content = Volumes.random(random, 600 * BlockSize.PAGE);
    Rig before = new Rig();
    before.source(content);
    before.push(
        Purpose.REPLICATE,
        new Wishes(false, false, false, false, null, new BlockSize(BlockSize.PAGE)));
    content[17] ^= 1;
    before.source(content);
    Manifest manifest = Objects.requireNonNull(before.manifest(), "a standby");
    int untouched = Math.toIntExact(new SignatureLayout(manifest.shape()).nodes(1)) + 32;
    String record = before.sourceRecord();
    for (boolean source : new boolean[] {true, false}) {
      Rig rig = before.copy();
      StateFile signature =
          source
              ? StateFile.of(rig.sourceDisk, record, StateFiles.SIGNATURE)
              : file(rig.standbyDisk, StateFiles.SIGNATURE);
      signature.flip(untouched + random.nextInt(32), 1);
      Failure failure = replicate(rig, Wishes.NONE);
      assertThat(failure).as("source %s, seed %d", source, seed).isNotNull();
      assertThat(failure.exit()).as("%s", failure).isEqualTo(ExitCode.INTEGRITY);
      assertThat(Objects.requireNonNull(rig.manifest(), "a standby").epoch()).isEqualTo(1);
      assertThat(replicate(rig, SmallVolume.FULL)).as("source %s, seed %d", source, seed).isNull();
      assertThat(rig.image()).isEqualTo(content);
      content[17] ^= 1;
      rig.source(content);
      assertThat(replicate(rig, Wishes.NONE)).as("source %s, seed %d", source, seed).isNull();
      assertThat(rig.image()).isEqualTo(content);
      content[17] ^= 1;
    }
  }

  @Test
  void aDamagedRecordOfTheSourceCostsASignatureAndNothingElse() throws IOException {
    Rig before = volume.cached();
    String record = before.copy().sourceRecord();
    byte[] manifest = StateFile.of(before.copy().sourceDisk, record, StateFiles.MANIFEST).load();
    for (int at = 0; at < manifest.length; at += 3) {
      Rig rig = before.copy();
      StateFile.of(rig.sourceDisk, record, StateFiles.MANIFEST).replace(flipped(manifest, at));
      assertThat(replicate(rig, Wishes.NONE)).as("byte %d", at).isNull();
      assertThat(rig.image()).as("byte %d", at).isEqualTo(volume.next);
    }
  }

  @Test
  void aDamagedIdentityOfTheSourceIsRefused() throws IOException {
    Rig before = volume.cached();
    byte[] identity = StateFile.of(before.copy().sourceDisk, Rig.IDENTITY, "volume").load();
    for (int at = 0; at < identity.length; at += 3) {
      Rig rig = before.copy();
      StateFile.of(rig.sourceDisk, Rig.IDENTITY, "volume").replace(flipped(identity, at));
      Failure failure = replicate(rig, Wishes.NONE);
      assertThat(failure).as("byte %d", at).isNotNull();
      assertThat(failure.exit()).as("byte %d: %s", at, failure).isEqualTo(ExitCode.INTEGRITY);
      assertThat(rig.image()).as("byte %d", at).isEqualTo(volume.old);
    }
  }

  @Test
  void aDamagedJournalOfTheSourceIsSettledOrRefused() throws IOException {
    Rig before = acknowledgementLost();
    String record = before.copy().sourceRecord();
    byte[] journal = StateFile.of(before.copy().sourceDisk, record, StateFiles.JOURNAL).load();
    for (int at = 0; at < journal.length; at += step(journal, at)) {
      String what = "byte " + at + ", seed " + seed;
      Rig rig = before.copy();
      StateFile.of(rig.sourceDisk, record, StateFiles.JOURNAL).replace(flipped(journal, at));
      rig.source(last);
      Failure failure = replicate(rig, Wishes.NONE);
      if (failure != null) {
        assertThat(failure.exit()).as("%s: %s", what, failure).isEqualTo(ExitCode.LINEAGE);
        assertThat(rig.image()).as(what).isEqualTo(volume.next);
        assertThat(replicate(rig, INIT)).as(what).isNull();
      }
      assertThat(rig.image()).as(what).isEqualTo(last);
    }
  }

  /** A standby that lost power between the commit of its second epoch and the first write of it. */
  private Rig committedNotApplied() throws IOException {
    for (int n = 0; ; n++) {
      Rig rig = volume.cached();
      rig.standbyDisk.crashAt(rig.standbyDisk.operations() + n, random);
      assertThat(replicate(rig, Wishes.NONE)).as("crash at %d", n).isNotNull();
      Rig crashed = rig.copy();
      if (isReplay(crashed) && Arrays.equals(crashed.image(), volume.old)) {
        return crashed;
      }
    }
  }

  private static boolean isReplay(Rig rig) throws IOException {
    try (StateDirectory state = rig.standbyDisk.directory(Rig.STATE);
        JournalRecovery journal = JournalRecovery.inspect(state, Manifest.load(state))) {
      return journal.verdict().action() == Verdict.Action.REPLAY;
    }
  }

  /** A source that lost power after the standby committed, and before it knew. */
  private Rig acknowledgementLost() throws IOException {
    Rig before = volume.cached();
    for (int n = 0; ; n++) {
      Rig rig = before.copy();
      rig.sourceDisk.crashAt(n, random);
      replicate(rig, Wishes.NONE);
      Rig crashed = rig.copy();
      if (Objects.requireNonNull(crashed.manifest(), "a standby").epoch() == 2) {
        return crashed;
      }
    }
  }

  private static StateFile file(HostileDisk standby, String name) {
    return StateFile.of(standby, Rig.STATE, name);
  }

  private byte[] flipped(byte[] content, int at) {
    byte[] flipped = content.clone();
    flipped[at] ^= (byte) (1 << random.nextInt(8));
    return flipped;
  }

  /** To one of the next few bytes, and by leaps through long runs of the same. */
  private int step(byte[] content, int at) {
    int same = at;
    while (same < content.length && content[same] == content[at]) {
      same++;
    }
    return 1 + random.nextInt(4) + (same - at) / 3;
  }

  private static byte[] later(byte[] content) {
    byte[] later = content.clone();
    later[20] = 0;
    later[4 * SmallVolume.BLOCK + 1] = 1;
    Arrays.fill(later, 3 * SmallVolume.BLOCK, 4 * SmallVolume.BLOCK - 1, (byte) 8);
    return later;
  }

  /** What a run fails with; null when it does not. */
  private static @Nullable Failure replicate(Rig rig, Wishes wishes) {
    try {
      rig.push(Purpose.REPLICATE, wishes);
      return null;
    } catch (Failure e) {
      return e;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
