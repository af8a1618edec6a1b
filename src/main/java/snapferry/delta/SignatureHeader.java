package snapferry.delta;

import java.nio.ByteBuffer;
import snapferry.codec.Crc32c;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/**
 * The first 4096 bytes of a signature file, little-endian:
 *
 * <pre>
 *  0           8            10        11        12              16          24         32         40
 *  +-----------+------------+---------+---------+---------------+-----------+----------+----------+-------------+
 *  | magic (8) | version u16| hash u8 | zero u8 | block size u32| size u64  | k0 u64   | k1 u64   | CRC-32C u32 |
 *  +-----------+------------+---------+---------+---------------+-----------+----------+----------+-------------+
 *  | zeros to 4095                                                                                              |
 * </pre>
 *
 * <p>The CRC covers bytes 0 to 39.
 */
final class SignatureHeader {
  static final int LENGTH = 4096;

  private static final long MAGIC = LittleEndian.magic("SNAPFSIG");
  private static final int VERSION = 1;
  private static final int KEY = 24;
  private static final int CRC = 40;
  private static final int END = 44;

  private SignatureHeader() {}

  /** The header of a signature of {@code shape}, ready to be written. */
  static ByteBuffer encode(SignatureShape shape) {
    ByteBuffer out = LittleEndian.heap(LENGTH);
    out.putLong(MAGIC).putShort((short) VERSION).put((byte) shape.hash().code()).put((byte) 0);
    out.putInt(shape.geometry().blockSize().bytes()).putLong(shape.geometry().size());
    shape.key().write(out);
    out.putInt(Crc32c.of(out, 0, CRC));
    return out.rewind();
  }

  /**
   * Reads the header that {@code in}, a little-endian buffer of {@link #LENGTH} bytes, starts with.
   *
   * @throws FormatException if it is anything that {@link #encode} does not write
   */
  static SignatureShape decode(ByteBuffer in) throws FormatException {
    check(in.getLong(0) == MAGIC, "not a signature: it does not start with SNAPFSIG");
    int version = Short.toUnsignedInt(in.getShort(8));
    check(version == VERSION, "signature of version " + version + "; this is version " + VERSION);
    check(in.getInt(CRC) == Crc32c.of(in, 0, CRC), "signature header fails its CRC");
    check(
        in.get(11) == 0 && Zeros.isZero(in, END, LENGTH - END), "signature header: zeros are not");
    HashKind hash = HashKind.of(Byte.toUnsignedInt(in.get(10)));
    long blockSize = Integer.toUnsignedLong(in.getInt(12));
    check(BlockSize.isValid(blockSize), "signature with blocks of " + blockSize + " bytes");
    long size = in.getLong(16);
    check(Geometry.isValidSize(size), "signature of a volume of " + size + " bytes");
    return new SignatureShape(
        new Geometry(size, new BlockSize((int) blockSize)),
        hash,
        SignatureShape.Key.read(in.position(KEY)));
  }

  private static void check(boolean holds, String otherwise) throws FormatException {
    if (!holds) {
      throw new FormatException(otherwise);
    }
  }
}
