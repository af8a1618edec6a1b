package snapferry.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import snapferry.codec.FormatException;
import snapferry.delta.RootHash;
import snapferry.extent.BlockSize;
import snapferry.journal.Verdict.Action;

/** A journal that lost bytes or has wrong ones is never applied in part. */
class JournalDamageTest {
  private final RandomJournal small =
      new RandomJournal(new Random(4), BlockSize.PAGE, BlockSize.PAGE + 512, 4);

  private static Action verdict(RandomJournal random, byte[] bytes, String damage)
      throws IOException {
    return verdict(random, bytes, random.manifest(), damage);
  }

  /** The verdict; a REPLAY is done, and must make the epoch. */
  private static Action verdict(
      RandomJournal random, byte[] bytes, @Nullable Manifest manifest, String damage)
      throws IOException {
    MemoryDirectory directory = MemoryDirectory.withJournal(bytes);
    try (JournalRecovery recovery = JournalRecovery.inspect(directory, manifest)) {
      VolumeState volume = random.before.copy();
      if (recovery.verdict().action() == Action.REPLAY) {
        recovery.replay(volume);
        volume.assertHolds(random.after, damage);
      } else {
        assertThatThrownBy(() -> recovery.replay(volume))
            .as(damage)
            .isInstanceOf(IllegalStateException.class);
        assertThat(volume.calls).as(damage).isZero();
      }
      assertThat(Arrays.equals(directory.journal(), bytes)).as(damage).isTrue();
      return recovery.verdict().action();
    }
  }

  private static boolean inSlots(int at) {
    return at >= JournalFormat.SLOT_A && at < JournalFormat.SLOTS_END;
  }

  @Test
  void everyTruncationOfACommittedJournalIsRefusedOnceASlotShows() throws IOException {
    byte[] journal = small.bytes(true);
    for (int length = 0; length < journal.length; length++) {
      assertThat(verdict(small, Arrays.copyOf(journal, length), "cut to " + length))
          .as("cut to %s", length)
          .isEqualTo(length <= JournalFormat.SLOT_A ? Action.DISCARD : Action.REFUSE);
    }
    assertThat(verdict(small, journal, "whole")).isEqualTo(Action.REPLAY);
  }

  /** Also for who did not ask for a verdict before. */
  @Test
  void nothingIsAppliedOfAJournalWhoseLastRecordIsDamaged() throws IOException {
    byte[] journal = small.bytes(true);
    journal[journal.length - 1] ^= 1;
    VolumeState volume = small.before.copy();
    try (JournalReader reader =
        JournalReader.open(MemoryDirectory.withJournal(journal).open(StateFiles.JOURNAL))) {
      assertThatThrownBy(() -> reader.replay(volume)).isInstanceOf(FormatException.class);
    }
    assertThat(volume.calls).isZero();
  }

  @Test
  void everyGarbledByteOfACommittedJournalIsRefusedButInOneSlot() throws IOException {
    Random random = new Random(2);
    byte[] journal = small.bytes(true);
    for (int at = 0; at < journal.length; at++) {
      byte[] bytes = journal.clone();
      bytes[at] ^= (byte) (1 + random.nextInt(255));
      assertThat(verdict(small, bytes, "seed 2, byte " + at))
          .as("seed 2, byte %s", at)
          .isEqualTo(inSlots(at) ? Action.REPLAY : Action.REFUSE);
    }
  }

  @Test
  void garbledBytesOfALargeCommittedJournalAreRefused() throws IOException {
    RandomJournal large = new RandomJournal(new Random(3), BlockSize.PAGE << 2, 1L << 20, 40);
    byte[] journal = large.bytes(true);
    Random random = new Random(3);
    for (int i = 0; i < 3000; i++) {
      byte[] bytes = journal.clone();
      int at = JournalFormat.RECORDS + random.nextInt(bytes.length - JournalFormat.RECORDS);
      int length = 1 + random.nextInt(Math.min(600, bytes.length - at));
      bytes[at] ^= (byte) (1 + random.nextInt(255));
      for (int j = 1; j < length; j++) {
        bytes[at + j] = (byte) random.nextInt();
      }
      assertThat(verdict(large, bytes, "seed 3, round " + i))
          .as("seed 3, round %s", i)
          .isEqualTo(Action.REFUSE);
    }
  }

  @Test
  void anUncommittedJournalIsDiscardedWhateverElseIsWrongWithIt() throws IOException {
    Random random = new Random(5);
    byte[] journal = small.bytes(false);
    for (int at = 0; at <= journal.length; at++) {
      assertThat(verdict(small, Arrays.copyOf(journal, at), "cut to " + at))
          .as("cut to %s", at)
          .isEqualTo(Action.DISCARD);
    }
    for (int at = 0; at < journal.length; at++) {
      byte[] bytes = journal.clone();
      bytes[at] ^= (byte) (1 + random.nextInt(255));
      assertThat(verdict(small, bytes, "seed 5, byte " + at))
          .as("seed 5, byte %s", at)
          .isEqualTo(inSlots(at) ? Action.REFUSE : Action.DISCARD);
    }
  }

  @Test
  void bytesAfterTheLastRecordAreRefused() throws IOException {
    byte[] journal = small.bytes(true);
    assertThat(verdict(small, Arrays.copyOf(journal, journal.length + 1), "longer"))
        .isEqualTo(Action.REFUSE);
  }

  @Test
  void twoValidSlotsThatContradictEachOtherAreRefused() throws IOException {
    byte[] journal = small.bytes(true);
    MemoryDirectory other = new MemoryDirectory();
    try (JournalWriter writer = JournalWriter.create(other, small.header)) {
      small.write(writer);
      writer.commit(new RootHash(5, 6, 7, 8));
    }
    System.arraycopy(
        other.journal(), JournalFormat.SLOT_B, journal, JournalFormat.SLOT_B, BlockSize.SECTOR);

    assertThat(verdict(small, journal, "two roots")).isEqualTo(Action.REFUSE);
  }

  @Test
  void oneSlotThatWasNeverWrittenIsEnough() throws IOException {
    for (int slot : new int[] {JournalFormat.SLOT_A, JournalFormat.SLOT_B}) {
      byte[] journal = small.bytes(true);
      Arrays.fill(journal, slot, slot + BlockSize.SECTOR, (byte) 0);
      assertThat(verdict(small, journal, "slot at " + slot)).isEqualTo(Action.REPLAY);
    }
  }

  @Test
  void theManifestDecidesOnACommittedJournal() throws IOException {
    byte[] journal = small.bytes(true);
    Manifest base = small.manifest();
    Manifest stranger =
        Manifest.seeding("vol0", base.standby(), base.standby(), base.shape(), base.time())
            .standing(base.epoch(), base.root(), base.shape(), base.time());
    RootHash root = RandomJournal.ROOT;

    assertThat(verdict(small, journal, null, "none")).isEqualTo(Action.REFUSE);
    assertThat(verdict(small, journal, stranger, "stranger")).isEqualTo(Action.REFUSE);
    assertThat(verdict(small, journal, small.manifest(13, root), "applied"))
        .isEqualTo(Action.DISCARD);
    assertThat(verdict(small, journal, small.manifest(13, base.root()), "other root"))
        .isEqualTo(Action.REFUSE);
    assertThat(verdict(small, journal, small.manifest(11, root), "older")).isEqualTo(Action.REFUSE);
    assertThat(verdict(small, journal, small.manifest(14, root), "newer")).isEqualTo(Action.REFUSE);
  }

  @Test
  void aVerdictOfNothingCreatesNothing() throws IOException {
    MemoryDirectory directory = new MemoryDirectory();
    try (JournalRecovery recovery = JournalRecovery.inspect(directory, null)) {
      assertThat(recovery.verdict().action()).isEqualTo(Action.NOTHING);
      assertThat(recovery.committed()).isNull();
    }
    assertThat(directory.exists(StateFiles.JOURNAL)).isFalse();
    assertThat(directory.events).isEmpty();
  }

  @Test
  void theReasonNamesTheDamage() throws IOException {
    byte[] journal = small.bytes(true);
    journal[JournalFormat.RECORDS + 30] ^= 1;
    MemoryDirectory directory = MemoryDirectory.withJournal(journal);
    try (JournalRecovery recovery = JournalRecovery.inspect(directory, small.manifest())) {
      assertThat(recovery.verdict().reason())
          .isEqualTo(
              "the journal is committed, but its records are damaged"
                  + " (journal record at offset 8192: its CRC does not match)");
    }
  }
}
