package snapferry.journal;

import java.nio.ByteBuffer;
import java.util.UUID;
import snapferry.codec.Crc32c;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.codec.SnapshotTime;
import snapferry.codec.UuidBytes;
import snapferry.delta.HashKind;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.delta.Zeros;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * What an undo record leads from and to, written when it is complete:
 *
 * <pre>
 *  0           8             10        11        12               16         24
 *  +-----------+-------------+---------+---------+----------------+----------+-----------+
 *  | magic (8) | version u16 | hash u8 | zero u8 | block size u32 | size u64 | epoch u64 |
 *  +-----------+-------+-----+---------+--+------+----+-----------+----+-----+-----------+
 *  | time i64, at 32   | volume UUID (16) | key (16)  | root (32), 72  | base root (32)    |
 *  +-------------------+--+---------------+-+---------+----+-----------+-----+-------------+
 *  | keep u32, at 136     | zero u32        | end u64, 144 | pieces u64      |
 *  +----------------------+-----------------+--------------+-----------------+--------------+
 *  | CRC-32C of the pieces' CRCs, at 160    | CRC-32C of 0..163              | zeros to 4095 |
 *  +----------------------------------------+--------------------------------+--------------+
 * </pre>
 *
 * Hash, block size, size, time, key and base root are those of the epoch before.
 *
 * @param shape the shape of the signature of the epoch before
 * @param epoch the epoch that is undone, at least 2
 * @param volume the lineage of both
 * @param time of the snapshot that the epoch before is, ms since 1970; see {@link SnapshotTime}
 * @param root of the epoch that is undone
 * @param baseRoot of the epoch before
 * @param keep how many epochs the run that wrote this was to keep
 * @param end offset of the byte after the last piece, which is the length of the file
 * @param pieces number of pieces
 * @param piecesCrc CRC-32C of the CRCs of all pieces in order, four little-endian bytes each
 */
public record UndoHeader(
    SignatureShape shape,
    long epoch,
    UUID volume,
    long time,
    RootHash root,
    RootHash baseRoot,
    int keep,
    long end,
    long pieces,
    int piecesCrc) {
  /** Most epochs that are kept. */
  public static final int MAX_KEEP = 999;

  /** Bytes of the header, its reserved ones included. */
  static final int LENGTH = UndoFormat.PIECES;

  private static final long MAGIC = LittleEndian.magic("SNAPFUND");
  private static final int VERSION = 1;
  private static final int CRC = 164;
  private static final int USED = CRC + Integer.BYTES;

  public UndoHeader {
    long length = end - UndoFormat.PIECES;
    if (length < 0 || pieces < 0 || pieces > length / UndoFormat.PIECE_HEADER) {
      throw new IllegalArgumentException("no " + pieces + " pieces end at " + end);
    }
    if (epoch < 2 || root.equals(RootHash.NONE) || baseRoot.equals(RootHash.NONE)) {
      throw new IllegalArgumentException("epoch " + epoch + " from root " + baseRoot);
    }
    if (keep < 1 || keep > MAX_KEEP) {
      throw new IllegalArgumentException("keep " + keep);
    }
    SnapshotTime.require(time);
  }

  /** The epoch that the image is taken back to. */
  public long baseEpoch() {
    return epoch - 1;
  }

  /** Writes the header to {@code out[0, 168)}, little-endian; what follows must be zeros. */
  void encode(ByteBuffer out) {
    out.position(0);
    out.putLong(MAGIC).putShort((short) VERSION).put((byte) shape.hash().code()).put((byte) 0);
    out.putInt(shape.geometry().blockSize().bytes()).putLong(shape.geometry().size());
    out.putLong(epoch).putLong(time);
    UuidBytes.write(volume, out);
    shape.key().write(out);
    root.write(out);
    baseRoot.write(out);
    out.putInt(keep).putInt(0).putLong(end).putLong(pieces).putInt(piecesCrc);
    out.putInt(Crc32c.of(out, 0, CRC));
  }

  /** Reads the header from {@code in[0, 4096)}, little-endian. */
  static UndoHeader decode(ByteBuffer in) throws FormatException {
    in.position(0);
    if (in.getLong() != MAGIC) {
      throw new FormatException("undo record without its magic: it is not complete");
    }
    if (in.getInt(CRC) != Crc32c.of(in, 0, CRC)) {
      throw new FormatException("undo record whose header's CRC does not match");
    }
    int version = in.getShort() & 0xffff;
    if (version != VERSION) {
      throw new FormatException("undo record of version " + version + ", not " + VERSION);
    }
    HashKind hash = HashKind.of(Byte.toUnsignedInt(in.get()));
    byte reserved = in.get();
    try {
      BlockSize blockSize = new BlockSize(in.getInt());
      Geometry geometry = new Geometry(in.getLong(), blockSize);
      long epoch = in.getLong();
      long time = in.getLong();
      UUID volume = UuidBytes.read(in);
      SignatureShape shape = new SignatureShape(geometry, hash, SignatureShape.Key.read(in));
      RootHash root = RootHash.read(in);
      RootHash baseRoot = RootHash.read(in);
      int keep = in.getInt();
      if (reserved != 0 || in.getInt() != 0 || !Zeros.isZero(in, USED, LENGTH - USED)) {
        throw new FormatException("undo record whose reserved bytes are not zero");
      }
      return new UndoHeader(
          shape,
          epoch,
          volume,
          time,
          root,
          baseRoot,
          keep,
          in.getLong(),
          in.getLong(),
          in.getInt());
    } catch (IllegalArgumentException e) {
      throw new FormatException("undo record: " + e.getMessage());
    }
  }
}
