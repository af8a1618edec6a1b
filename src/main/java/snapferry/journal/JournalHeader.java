package snapferry.journal;

import java.nio.ByteBuffer;
import java.util.UUID;
import snapferry.codec.Crc32c;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.codec.SnapshotTime;
import snapferry.codec.UuidBytes;
import snapferry.delta.HashKind;
import snapferry.delta.SignatureShape;
import snapferry.delta.Zeros;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * What a journal leads from and to:
 *
 * <pre>
 *  +-----------+-------------+---------+---------+----------------+----------+----------------+
 *  | magic (8) | version u16 | hash u8 | zero u8 | block size u32 | size u64 | base epoch u64 |
 *  +-----------+----------+--+---------+---+-----+----+-----------+--------+-+----------------+
 *  | epoch u64 | time i64 | volume UUID (16) | key (16) | CRC-32C of 0..79 | zeros to 4095    |
 *  +-----------+----------+------------------+----------+------------------+------------------+
 * </pre>
 *
 * @param shape the shape of the volume's signature after this epoch
 * @param baseEpoch the epoch that the image must hold for the journal to be applied; 0 for none
 * @param epoch the epoch that it becomes, greater than the base epoch
 * @param volume the lineage of both
 * @param time when the source took the snapshot, ms since 1970; see {@link SnapshotTime}
 */
public record JournalHeader(
    SignatureShape shape, long baseEpoch, long epoch, UUID volume, long time) {
  /** Bytes of the header, its reserved ones included. */
  static final int LENGTH = JournalFormat.SLOT_A;

  private static final long MAGIC = LittleEndian.magic("SNAPFJNL");
  private static final int VERSION = 1;
  private static final int CRC = 80;
  private static final int END = CRC + Integer.BYTES;

  public JournalHeader {
    if (baseEpoch < 0 || epoch <= baseEpoch) {
      throw new IllegalArgumentException(
          "no journal leads from epoch " + baseEpoch + " to " + epoch);
    }
    SnapshotTime.require(time);
  }

  /** Writes the header to {@code out[0, 84)}, little-endian; what follows must be zeros. */
  void encode(ByteBuffer out) {
    out.position(0);
    out.putLong(MAGIC).putShort((short) VERSION).put((byte) shape.hash().code()).put((byte) 0);
    out.putInt(shape.geometry().blockSize().bytes()).putLong(shape.geometry().size());
    out.putLong(baseEpoch).putLong(epoch).putLong(time);
    UuidBytes.write(volume, out);
    shape.key().write(out);
    out.putInt(Crc32c.of(out, 0, CRC));
  }

  /** Reads the header from {@code in[0, 4096)}, little-endian. */
  static JournalHeader decode(ByteBuffer in) throws FormatException {
    in.position(0);
    if (in.getLong() != MAGIC) {
      throw new FormatException("journal header without its magic");
    }
    if (in.getInt(CRC) != Crc32c.of(in, 0, CRC)) {
      throw new FormatException("journal header whose CRC does not match");
    }
    int version = in.getShort() & 0xffff;
    if (version != VERSION) {
      throw new FormatException("journal of version " + version + ", not " + VERSION);
    }
    if (!Zeros.isZero(in, END, LENGTH - END)) {
      throw new FormatException("journal header whose reserved bytes are not zero");
    }
    HashKind hash = HashKind.of(Byte.toUnsignedInt(in.get()));
    if (in.get() != 0) {
      throw new FormatException("journal header whose reserved bytes are not zero");
    }
    try {
      BlockSize blockSize = new BlockSize(in.getInt());
      Geometry geometry = new Geometry(in.getLong(), blockSize);
      long baseEpoch = in.getLong();
      long epoch = in.getLong();
      long time = in.getLong();
      UUID volume = UuidBytes.read(in);
      SignatureShape.Key key = SignatureShape.Key.read(in);
      SignatureShape shape = new SignatureShape(geometry, hash, key);
      return new JournalHeader(shape, baseEpoch, epoch, volume, time);
    } catch (IllegalArgumentException e) {
      throw new FormatException("journal header: " + e.getMessage());
    }
  }
}
