package snapferry.journal;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import snapferry.codec.Crc32c;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.delta.RootHash;
import snapferry.delta.Zeros;
import snapferry.extent.BlockSize;

/**
 * What a commit slot says: the journal is complete, and this is what it must hold.
 *
 * <pre>
 *  0           8                     16                24          32
 *  +-----------+---------------------+-----------------+-----------+-----------+
 *  | magic (8) | end of records u64  | records u64     | epoch u64 | root (32) |
 *  +-----------+---------------------+-----------------+-----------+-----------+
 *  | CRC-32C of the records' CRCs, at 64 | CRC-32C of 0..67 | zeros to 511     |
 *  +-------------------------------------+------------------+------------------+
 * </pre>
 *
 * @param end offset of the byte after the last record, which is the length of the file
 * @param records number of records
 * @param epoch the same as in the header
 * @param root names the content of that epoch
 * @param recordsCrc CRC-32C of the CRCs of all records in order, four little-endian bytes each
 */
public record CommitRecord(long end, long records, long epoch, RootHash root, int recordsCrc) {
  private static final long MAGIC = LittleEndian.magic("SNAPFCMT");
  private static final int CRC = 68;
  private static final int END = CRC + Integer.BYTES;

  public CommitRecord {
    long length = end - JournalFormat.RECORDS;
    if (length < 0 || records < 0 || records > length / JournalFormat.MIN_RECORD) {
      throw new IllegalArgumentException("no " + records + " records end at " + end);
    }
    if (epoch < 1 || root.equals(RootHash.NONE)) {
      throw new IllegalArgumentException("epoch " + epoch + " with root " + root);
    }
  }

  // Spelled out: what the JVM would put together at the first use takes a start longer than a sync.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CommitRecord that
        && end == that.end
        && records == that.records
        && epoch == that.epoch
        && root.equals(that.root)
        && recordsCrc == that.recordsCrc;
  }

  @Override
  public int hashCode() {
    return recordsCrc;
  }

  /** Writes the record to {@code out[at, at + 72)}, little-endian; what follows must be zeros. */
  void encode(ByteBuffer out, int at) {
    out.position(at);
    out.putLong(MAGIC).putLong(end).putLong(records).putLong(epoch);
    root.write(out);
    out.putInt(recordsCrc);
    out.putInt(Crc32c.of(out, at, at + CRC));
  }

  /** Reads the record from the sector {@code in[at, at + 512)}, little-endian. */
  static CommitRecord decode(ByteBuffer in, int at) throws FormatException {
    in.position(at);
    if (in.getLong() != MAGIC || in.getInt(at + CRC) != Crc32c.of(in, at, at + CRC)) {
      throw new FormatException("commit slot without its magic, or whose CRC does not match");
    }
    if (!Zeros.isZero(in, at + END, BlockSize.SECTOR - END)) {
      throw new FormatException("commit slot whose reserved bytes are not zero");
    }
    try {
      return new CommitRecord(
          in.getLong(), in.getLong(), in.getLong(), RootHash.read(in), in.getInt());
    } catch (IllegalArgumentException e) {
      throw new FormatException("commit slot: " + e.getMessage());
    }
  }
}
