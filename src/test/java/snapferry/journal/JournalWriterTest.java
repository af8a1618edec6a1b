package snapferry.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import snapferry.delta.HashKind;
import snapferry.delta.PageRuns;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

class JournalWriterTest {
  private static final SignatureShape SHAPE =
      new SignatureShape(
          new Geometry(8 << 20, BlockSize.DEFAULT), HashKind.SHA256, new SignatureShape.Key(1, 2));
  private static final JournalHeader HEADER = new JournalHeader(SHAPE, 1, 2, new UUID(1, 2), 0);
  private static final ByteBuffer NODE = ByteBuffer.allocate(32);
  private static final ByteBuffer LITERALS = ByteBuffer.allocate(BlockSize.DEFAULT.bytes());

  private final MemoryDirectory directory = new MemoryDirectory();
  private final ByteBuffer entry = ByteBuffer.allocate(SHAPE.entryLength());

  private static byte[] ops(byte op) {
    byte[] ops = new byte[BlockSize.DEFAULT.pages()];
    Arrays.fill(ops, op);
    return ops;
  }

  private void literalBlock(JournalWriter writer, long block) throws IOException {
    writer.block(block, entry, ops(PageRuns.LITERAL), LITERALS, 0, LITERALS.capacity());
  }

  @Test
  void aFullFileSystemFailsTheRunBeforeTheReserveIsUsed() throws IOException {
    directory.capacity = Appender.RESERVE + (3 << 20);
    try (JournalWriter writer = JournalWriter.create(directory, HEADER)) {
      assertThatThrownBy(
              () -> {
                for (int block = 0; block < 128; block++) {
                  literalBlock(writer, block);
                }
              })
          .isInstanceOfSatisfying(
              Failure.class, failure -> assertThat(failure.exit()).isEqualTo(ExitCode.FAILED))
          .hasMessageContainingAll(
              "vol0.snapferry",
              "at least " + (8192 + (3 << 20)) + " bytes",
              "The image was not touched",
              "Free some space");
      assertThat(directory.usableSpace()).isGreaterThanOrEqualTo(Appender.RESERVE);
      assertRejected(IllegalStateException.class, () -> writer.commit(RandomJournal.ROOT));
    }
    assertThat(directory.events).doesNotContain("write 4096");
  }

  @Test
  void aJournalThatFitsExactlyIsWritten() throws IOException {
    directory.capacity = Appender.RESERVE + JournalFormat.RECORDS + 28;
    try (JournalWriter writer = JournalWriter.create(directory, HEADER)) {
      writer.zero(0, 1);
      writer.commit(RandomJournal.ROOT);
    }
    assertThat(directory.usableSpace()).isEqualTo(Appender.RESERVE);
  }

  @Test
  void aFileSystemThatIsFullAtTheStartFailsTheRun() {
    directory.capacity = Appender.RESERVE;
    assertRejected(Failure.class, () -> JournalWriter.create(directory, HEADER));
  }

  @Test
  void aFailedSyncIsNotTriedAgain() throws IOException {
    try (JournalWriter writer = JournalWriter.create(directory, HEADER)) {
      writer.zero(0, 1);
      directory.crashAt = directory.events.size() + 1;
      assertRejected(IOException.class, () -> writer.commit(RandomJournal.ROOT));
      directory.crashAt = Integer.MAX_VALUE;
      assertRejected(IllegalStateException.class, () -> writer.commit(RandomJournal.ROOT));
      assertRejected(IllegalStateException.class, () -> writer.zero(0, 1));
      assertRejected(IllegalStateException.class, () -> writer.block(0, entry));
      assertRejected(IllegalStateException.class, () -> writer.node(1, 0, NODE));
    }
  }

  @Test
  void whatNoReaderWouldAcceptIsNotWritten() throws IOException {
    Class<IllegalArgumentException> illegal = IllegalArgumentException.class;
    ByteBuffer shortEntry = ByteBuffer.allocate(SHAPE.entryLength() - 1);
    try (JournalWriter writer = JournalWriter.create(directory, HEADER)) {
      assertRejected(illegal, () -> writer.block(128, entry));
      assertRejected(illegal, () -> writer.block(-1, entry));
      assertRejected(illegal, () -> writer.block(0, shortEntry));
      assertRejected(illegal, () -> writer.block(0, entry, ops(PageRuns.SAME), LITERALS, 0, 0));
      assertRejected(illegal, () -> writer.block(0, entry, ops(PageRuns.COPY), LITERALS, 0, 0));
      assertRejected(illegal, () -> writer.block(0, entry, ops((byte) -1), LITERALS, 0, 0));
      assertRejected(illegal, () -> writer.block(0, entry, ops(PageRuns.ZERO), LITERALS, 0, 1));
      assertRejected(illegal, () -> writer.block(0, entry, ops(PageRuns.LITERAL), LITERALS, 0, 1));
      assertRejected(illegal, () -> writer.zero(0, 129));
      assertRejected(illegal, () -> writer.zero(0, 0));
      assertRejected(illegal, () -> writer.node(2, 0, NODE));
      assertRejected(illegal, () -> writer.node(1, 1, NODE));
      assertRejected(illegal, () -> writer.node(1, 0, shortEntry));
      assertRejected(illegal, () -> writer.commit(RootHash.NONE));
      assertThat(writer.bytes()).isEqualTo(JournalFormat.RECORDS);
    }
  }

  @Test
  void buffersAreLeftAsTheyAre() throws IOException {
    try (JournalWriter writer = JournalWriter.create(directory, HEADER)) {
      literalBlock(writer, 0);
      writer.node(1, 0, NODE);
    }
    assertThat(entry.position()).isZero();
    assertThat(LITERALS.position()).isZero();
    assertThat(NODE.position()).isZero();
  }

  private static void assertRejected(Class<? extends Throwable> type, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(type);
  }
}
