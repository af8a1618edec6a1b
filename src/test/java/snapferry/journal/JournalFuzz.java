package snapferry.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import snapferry.codec.Crc32c;
import snapferry.codec.LittleEndian;
import snapferry.delta.HashKind;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * Fuzz target: a journal all of whose checksums are right. The input is, by its first byte, records
 * ({@code type u8 | length u16 | position u64 | payload}) of a small volume under a header and a
 * commit record that go with them; or header and commit record (84 and 72 bytes) before such
 * records. Whatever is replayed lies within the volume that the header names.
 */
@NullMarked
public final class JournalFuzz {
  private static final Geometry GEOMETRY = new Geometry(2 * 8192 + 4096 + 512, new BlockSize(8192));
  private static final SignatureShape SHAPE =
      new SignatureShape(GEOMETRY, HashKind.FAST128, new SignatureShape.Key(1, 2));
  private static final JournalHeader HEADER =
      new JournalHeader(SHAPE, 12, 13, RandomJournal.VOLUME, 0);
  private static final int HEADER_CRC = 80;
  private static final int COMMIT_CRC = 68;

  private JournalFuzz() {}

  /** The entry of Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    ByteBuffer in = LittleEndian.wrap(input);
    boolean own = in.hasRemaining() && (in.get() & 1) == 1;
    byte[] header = taken(in, own ? HEADER_CRC : 0);
    byte[] commit = taken(in, own ? COMMIT_CRC : 0);
    ByteBuffer journal = LittleEndian.heap(JournalFormat.RECORDS + 3 * input.length + 64);
    ByteBuffer crcs = LittleEndian.heap(input.length + 16);
    journal.position(JournalFormat.RECORDS);
    while (in.remaining() > Byte.BYTES + Short.BYTES + Long.BYTES) {
      record(in, journal, crcs);
    }
    int end = journal.position();
    if (own) {
      journal.put(0, header).putInt(HEADER_CRC, Crc32c.of(journal, 0, HEADER_CRC));
      journal.put(JournalFormat.SLOT_A, commit);
      int crcAt = JournalFormat.SLOT_A + COMMIT_CRC;
      journal.putInt(crcAt, Crc32c.of(journal, JournalFormat.SLOT_A, crcAt));
    } else {
      HEADER.encode(journal);
      if (crcs.position() / Integer.BYTES
          > (end - JournalFormat.RECORDS) / JournalFormat.MIN_RECORD) {
        return; // There is no commit record of so many short ones.
      }
      int crc = Crc32c.of(crcs, 0, crcs.position());
      new CommitRecord(end, crcs.position() / Integer.BYTES, 13, RandomJournal.ROOT, crc)
          .encode(journal, JournalFormat.SLOT_A);
    }
    try {
      byte[] bytes = new byte[end];
      journal.get(0, bytes);
      read(bytes);
    } catch (IOException e) {
      // Refused: as it should be.
    }
  }

  private static byte[] taken(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes, 0, Math.min(length, in.remaining()));
    return bytes;
  }

  private static void record(ByteBuffer in, ByteBuffer journal, ByteBuffer crcs) {
    int start = journal.position();
    int type = Byte.toUnsignedInt(in.get());
    int length = Math.min(Short.toUnsignedInt(in.getShort()), in.remaining() - Long.BYTES);
    journal.putInt(type).putInt(length).putLong(in.getLong()).putInt(0);
    journal.put(taken(in, length));
    int crcAt = start + JournalFormat.RECORD_CRC;
    Crc32c crc = new Crc32c().add(journal, start, crcAt);
    crc.add(journal, start + JournalFormat.RECORD_HEADER, journal.position());
    journal.putInt(crcAt, crc.value());
    crcs.putInt(crc.value());
  }

  private static void read(byte[] journal) throws IOException {
    MemoryDirectory directory = MemoryDirectory.withJournal(journal);
    try (JournalReader reader = JournalReader.open(directory.open(StateFiles.JOURNAL))) {
      CommittedJournal committed = reader.inspection().committed();
      if (committed != null) {
        reader.replay(new Bounds(new JournalBounds(committed.header().shape())));
      }
    }
  }

  /** Applies nothing, and minds where it would be applied. */
  private record Bounds(JournalBounds bounds) implements Replay {
    @Override
    public void literal(long offset, ByteBuffer bytes) {
      Objects.checkFromIndexSize(offset, bytes.remaining(), bounds.geometry().size());
    }

    @Override
    public void zero(long offset, long length) {
      Objects.checkFromIndexSize(offset, length, bounds.geometry().size());
    }

    @Override
    public void entry(long block, ByteBuffer entry) {
      Objects.checkIndex(block, bounds.geometry().blocks());
      Objects.checkIndex(bounds.entryLength() - 1, entry.remaining());
    }

    @Override
    public void zeroEntries(long first, long count) {
      Objects.checkFromIndexSize(first, count, bounds.geometry().blocks());
    }

    @Override
    public void node(int level, long index, ByteBuffer node) {
      if (!bounds.hasNode(level, index)) {
        throw new AssertionError("node " + index + " of level " + level);
      }
    }
  }
}
