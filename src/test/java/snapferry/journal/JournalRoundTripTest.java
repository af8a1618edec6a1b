package snapferry.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import snapferry.delta.HashKind;
import snapferry.delta.PageRuns;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

class JournalRoundTripTest {
  @Test
  void aReplayMakesTheEpochHoweverOftenItIsDone() throws IOException {
    for (long seed = 0; seed < 200; seed++) {
      assertRoundTrip(RandomJournal.small(new Random(seed)), "seed " + seed);
    }
  }

  @Test
  void recordsLargerThanTheBuffersComeThrough() throws IOException {
    for (long seed = 0; seed < 5; seed++) {
      assertRoundTrip(
          new RandomJournal(new Random(seed), BlockSize.MAX, (9L << 20) + 512, 12), "seed " + seed);
    }
    assertRoundTrip(new RandomJournal(new Random(6), BlockSize.PAGE, 6L << 20, 3000), "seed 6");
  }

  private static void assertRoundTrip(RandomJournal random, String description) throws IOException {
    MemoryDirectory directory = MemoryDirectory.withJournal(random.bytes(true));
    VolumeState volume = random.before.copy();
    try (JournalRecovery recovery = JournalRecovery.inspect(directory, random.manifest())) {
      assertThat(recovery.verdict().action()).as(description).isEqualTo(Verdict.Action.REPLAY);
      for (int time = 0; time < 2; time++) {
        recovery.replay(volume);
        volume.assertHolds(random.after, description);
      }
      recovery.remove();
    }
    assertThat(directory.exists(StateFiles.JOURNAL)).isFalse();
  }

  @Test
  void neighbouringLiteralsBecomeOneWriteOfUpToAMebibyte() throws IOException {
    SignatureShape shape =
        new SignatureShape(
            new Geometry(3L << 20, new BlockSize(8192)),
            HashKind.FAST128,
            new SignatureShape.Key(1, 2));
    MemoryDirectory directory = new MemoryDirectory();
    JournalHeader header = new JournalHeader(shape, 0, 1, new UUID(1, 2), 0);
    byte[] ops = {PageRuns.LITERAL, PageRuns.LITERAL};
    try (JournalWriter writer = JournalWriter.create(directory, header)) {
      for (int block = 0; block < shape.geometry().blocks(); block++) {
        ByteBuffer entry = ByteBuffer.allocate(shape.entryLength());
        writer.block(block, entry, ops, ByteBuffer.allocate(8192), 0, 8192);
      }
      writer.commit(RandomJournal.ROOT);
    }

    VolumeState volume = new VolumeState(shape);
    try (JournalReader reader = JournalReader.open(directory.open(StateFiles.JOURNAL))) {
      reader.replay(volume);
    }

    assertThat(volume.literals).isEqualTo(3);
  }

  @Test
  void anEpochWithoutChangesIsCommittedAndReplayed() throws IOException {
    RandomJournal random = RandomJournal.small(new Random(1));
    MemoryDirectory directory = new MemoryDirectory();
    try (JournalWriter writer = JournalWriter.create(directory, random.header)) {
      writer.commit(RandomJournal.ROOT);
    }
    VolumeState volume = random.before.copy();
    try (JournalRecovery recovery = JournalRecovery.inspect(directory, random.manifest())) {
      recovery.replay(volume);
    }
    volume.assertHolds(random.before, "unchanged");
    assertThat(volume.calls).isZero();
  }
}
