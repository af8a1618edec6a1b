package snapferry.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import snapferry.codec.Crc32c;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.delta.HashKind;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.journal.Verdict.Action;

/** Journals with every CRC right, which no writer of ours writes. */
class HandBuiltJournalTest {
  /** Three blocks of two pages; the last has one page and a sector. */
  private static final Geometry GEOMETRY = new Geometry(2 * 8192 + 4096 + 512, new BlockSize(8192));

  private static final SignatureShape SHAPE =
      new SignatureShape(GEOMETRY, HashKind.FAST128, new SignatureShape.Key(1, 2));
  private static final JournalHeader HEADER =
      new JournalHeader(SHAPE, 12, 13, RandomJournal.VOLUME, 0);
  private static final int ENTRY = 16 + 2 * 12;

  private final ByteArrayOutputStream records = new ByteArrayOutputStream();
  private final ByteBuffer crcs = LittleEndian.heap(4096);
  private long count;

  private void startOver() {
    records.reset();
    crcs.clear();
    count = 0;
  }

  private void add(int type, long position, byte[] payload) {
    ByteBuffer record = LittleEndian.heap(20 + payload.length);
    record.putInt(type).putInt(payload.length).putLong(position).putInt(0).put(payload);
    int crc = new Crc32c().add(record, 0, 16).add(record, 20, record.capacity()).value();
    record.putInt(16, crc);
    crcs.putInt(crc);
    records.writeBytes(record.array());
    count++;
  }

  private void block(long block, int... runsAndLiterals) {
    ByteBuffer payload = LittleEndian.heap(ENTRY + runsAndLiterals[0]);
    payload.position(ENTRY);
    for (int i = 1; i < runsAndLiterals.length; i++) {
      payload.put((byte) runsAndLiterals[i]);
    }
    add(1, block, payload.array());
  }

  private void zero(long first, long count) {
    add(2, first, LittleEndian.heap(8).putLong(count).array());
  }

  private void node(int level, long index) {
    add(3, index, LittleEndian.heap(33).put((byte) level).array());
  }

  private Action verdict() throws IOException {
    return verdict(
        count, JournalFormat.RECORDS + records.size(), Crc32c.of(crcs, 0, crcs.position()));
  }

  private byte[] journal() {
    return journal(
        count, JournalFormat.RECORDS + records.size(), Crc32c.of(crcs, 0, crcs.position()));
  }

  private Action verdict(long count, long end, int recordsCrc) throws IOException {
    return verdict(ByteBuffer.wrap(journal(count, end, recordsCrc)));
  }

  private byte[] journal(long count, long end, int recordsCrc) {
    ByteBuffer journal = LittleEndian.heap(JournalFormat.RECORDS + records.size());
    HEADER.encode(journal);
    CommitRecord commit = new CommitRecord(end, count, 13, RandomJournal.ROOT, recordsCrc);
    commit.encode(journal, JournalFormat.SLOT_A);
    commit.encode(journal, JournalFormat.SLOT_B);
    journal.put(JournalFormat.RECORDS, records.toByteArray());
    return journal.array();
  }

  private static Action verdict(ByteBuffer journal) throws IOException {
    MemoryDirectory directory = MemoryDirectory.withJournal(journal.array());
    Instant time = Instant.EPOCH;
    Manifest manifest =
        Manifest.seeding("a", RandomJournal.VOLUME, new UUID(1, 1), SHAPE, time)
            .standing(12, RandomJournal.ROOT, SHAPE, time);
    try (JournalRecovery recovery = JournalRecovery.inspect(directory, manifest)) {
      return recovery.verdict().action();
    }
  }

  @Test
  void whatIsInBoundsIsAccepted() throws IOException {
    block(0, 1 + 8192, 0x81);
    block(1, 2 + 4096, 0x00, 0x80);
    block(2, 1 + 4096 + 512, 0x81);
    block(2, 0);
    zero(1, 2);
    node(1, 0);
    assertThat(verdict()).isEqualTo(Action.REPLAY);
  }

  @Test
  void aBlockOutsideTheVolumeIsRefused() throws IOException {
    for (long block : new long[] {3, 1L << 50, Long.MAX_VALUE, -1}) {
      startOver();
      block(block, 0);
      assertThat(verdict()).as("block %s", block).isEqualTo(Action.REFUSE);
    }
  }

  @Test
  void aCountOfZeroBlocksThatOverflowsIsRefused() throws IOException {
    long[][] extents = {{0, 0}, {0, -1}, {0, 4}, {2, 2}, {3, 1}, {-1, 1}, {1, Long.MAX_VALUE}};
    for (long[] extent : extents) {
      startOver();
      zero(extent[0], extent[1]);
      assertThat(verdict()).as("zero %s", extent).isEqualTo(Action.REFUSE);
    }
  }

  @Test
  void aNodeThatTheTreeDoesNotHaveIsRefused() throws IOException {
    long[][] nodes = {{0, 0}, {2, 0}, {255, 0}, {1, 1}, {1, -1}};
    for (long[] node : nodes) {
      startOver();
      node((int) node[0], node[1]);
      assertThat(verdict()).as("node %s", node).isEqualTo(Action.REFUSE);
    }
  }

  @Test
  void pageRunsThatDoNotFitAreRefused() throws IOException {
    int[][] blocks = {
      {1 + 8192, 0x82}, // three pages
      {1 + 4096, 0x80}, // one page
      {2 + 8192, 0x80, 0x80}, // two runs that should be one
      {1, 0x01}, // nothing changes
      {1, 0xc1}, // Copy
      {1 + 8191, 0x81}, // a byte too few
      {1 + 8193, 0x81}, // a byte too many
      {2, 0x41, 0x00}, // zeros with a byte too many
    };
    for (int[] block : blocks) {
      startOver();
      block(0, block);
      assertThat(verdict()).as("runs %s", block).isEqualTo(Action.REFUSE);
    }
  }

  @Test
  void theLiteralsOfAShortLastPageAreShort() throws IOException {
    block(2, 1 + 8192, 0x81);
    assertThat(verdict()).isEqualTo(Action.REFUSE);
  }

  @Test
  void payloadsOfAnotherLengthAreRefused() throws IOException {
    int[][] payloads = {{1, 0}, {1, ENTRY - 1}, {2, 0}, {2, 7}, {2, 9}, {3, 0}, {3, 32}, {3, 34}};
    for (int[] payload : payloads) {
      startOver();
      byte[] bytes = new byte[payload[1]];
      if (bytes.length > 0) {
        bytes[0] = 1;
      }
      add(payload[0], 0, bytes);
      add(1, 0, new byte[ENTRY]);
      assertThat(verdict()).as("payload %s", payload).isEqualTo(Action.REFUSE);

      startOver();
      add(1, 0, new byte[ENTRY]);
      add(payload[0], 0, bytes);
      assertThat(verdict()).as("payload %s, the last", payload).isEqualTo(Action.REFUSE);
    }
  }

  @Test
  void aPayloadLongerThanAnyIsRefusedBeforeItIsRead() throws IOException {
    int longest = new JournalBounds(SHAPE).maxRecord() - JournalFormat.RECORD_HEADER;
    for (int length : new int[] {longest + 1, longest + 21, 4 << 20}) {
      startOver();
      add(1, 0, new byte[length]);
      try (JournalReader reader =
          JournalReader.open(MemoryDirectory.withJournal(journal()).open(StateFiles.JOURNAL))) {
        assertThatThrownBy(reader::verify)
            .isInstanceOf(FormatException.class)
            .hasMessageContaining("a type or a length that no record has");
      }
    }
  }

  @Test
  void aHeaderHoldsTheFirstEpochsAndNothingBefore() {
    assertThat(new JournalHeader(SHAPE, 0, 1, RandomJournal.VOLUME, 0).epoch()).isEqualTo(1);
    for (long[] epochs : new long[][] {{-1, 1}, {1, 1}, {2, 1}}) {
      assertThatThrownBy(
              () -> new JournalHeader(SHAPE, epochs[0], epochs[1], RandomJournal.VOLUME, 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aCommitRecordCountsNoMoreRecordsThanThereIsRoomFor() {
    long end = JournalFormat.RECORDS + 3L * JournalFormat.MIN_RECORD;
    assertThat(new CommitRecord(end, 3, 1, RandomJournal.ROOT, 0).records()).isEqualTo(3);
    assertThatThrownBy(() -> new CommitRecord(end, 4, 1, RandomJournal.ROOT, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CommitRecord(end - 1, 3, 1, RandomJournal.ROOT, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new CommitRecord(JournalFormat.RECORDS - 1, 0, 1, RandomJournal.ROOT, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void typesThatAreNoneAndReservedBytesAreRefused() throws IOException {
    for (int type : new int[] {0, 4, 255, 0x102, 0x1000002}) {
      startOver();
      add(type, 0, LittleEndian.heap(8).putLong(1).array());
      assertThat(verdict()).as("type %s", type).isEqualTo(Action.REFUSE);
    }
  }

  @Test
  void recordsAreAcceptedInAnyOrder() throws IOException {
    node(1, 0);
    zero(2, 1);
    block(0, 0);
    node(1, 0);
    zero(0, 2);
    assertThat(verdict()).isEqualTo(Action.REPLAY);
  }

  @Test
  void aCommitRecordThatCountsOtherwiseIsRefused() throws IOException {
    zero(0, 1);
    zero(1, 1);
    int crc = Crc32c.of(crcs, 0, crcs.position());
    long end = (long) JournalFormat.RECORDS + records.size();
    assertThat(verdict(2, end, crc)).isEqualTo(Action.REPLAY);
    assertThat(verdict(1, end, crc)).isEqualTo(Action.REFUSE);
    assertThat(verdict(0, end, crc)).isEqualTo(Action.REFUSE);
    assertThat(verdict(2, end, crc + 1)).isEqualTo(Action.REFUSE);
    assertThat(verdict(2, end + 28, crc)).isEqualTo(Action.REFUSE);
    assertThat(verdict(2, 1L << 62, crc)).isEqualTo(Action.REFUSE);
    assertThat(verdict(1, end - 28, Crc32c.of(crcs, 0, 4))).isEqualTo(Action.REFUSE);
  }

  @Test
  void headersWithFieldsOutOfRangeAreRefused() throws IOException {
    zero(0, 1);
    long[][] fields = {
      {8, 2}, // version
      {10, 3}, // hash kind
      {11, 1}, // reserved
      {13, 0}, // block size 0
      {14, 0x7f}, // block size no power of two
      {16, 1}, // size no multiple of 512
      {23, 0x7f}, // size too large
      {31, 0x80}, // base epoch negative
      {32, 12}, // epoch is the base epoch
      {47, 0x80}, // time negative
      {46, 1}, // time after the year 9999
    };
    for (long[] field : fields) {
      ByteBuffer journal = LittleEndian.heap(JournalFormat.RECORDS + records.size());
      HEADER.encode(journal);
      int crc = Crc32c.of(crcs, 0, crcs.position());
      new CommitRecord(journal.capacity(), 1, 13, RandomJournal.ROOT, crc)
          .encode(journal, JournalFormat.SLOT_A);
      journal.put(JournalFormat.RECORDS, records.toByteArray());
      assertThat(verdict(journal)).isEqualTo(Action.REPLAY);
      journal.put((int) field[0], (byte) field[1]);
      journal.putInt(80, Crc32c.of(journal, 0, 80));
      assertThat(verdict(journal)).as("field at %s", field[0]).isEqualTo(Action.REFUSE);
    }
  }

  @Test
  void slotsWithFieldsOutOfRangeAreRefused() throws IOException {
    zero(0, 1);
    int[][] fields = {
      {7, 0x80}, // magic
      {8, 0}, // end too early for a record
      {15, 0x80}, // end negative
      {23, 0x80}, // count negative
      {511, 1}, // reserved
      {24, 12}, // epoch not that of the header
    };
    for (int[] field : fields) {
      ByteBuffer journal = LittleEndian.heap(JournalFormat.RECORDS + records.size());
      HEADER.encode(journal);
      int at = JournalFormat.SLOT_B;
      int crc = Crc32c.of(crcs, 0, crcs.position());
      new CommitRecord(journal.capacity(), 1, 13, RandomJournal.ROOT, crc).encode(journal, at);
      journal.put(JournalFormat.RECORDS, records.toByteArray());
      assertThat(verdict(journal)).isEqualTo(Action.REPLAY);
      journal.put(at + field[0], (byte) field[1]);
      journal.putInt(at + 68, Crc32c.of(journal, at, at + 68));
      assertThat(verdict(journal)).as("field at %s", field[0]).isEqualTo(Action.REFUSE);
    }
  }
}
