package snapferry.journal;

import snapferry.delta.TreeShape;
import snapferry.extent.BlockSize;

/**
 * Where things are in a journal:
 *
 * <pre>
 *  offset 0       header (one sector used, 4096 reserved)
 *  offset 4096    commit slot A (one sector)
 *  offset 4608    commit slot B (one sector, the same bytes)
 *  offset 8192    records, one after another, to the end of the file
 * </pre>
 *
 * and in a record:
 *
 * <pre>
 *  0      1          4                    8              16          20
 *  +------+----------+--------------------+--------------+-----------+-----------------+
 *  | type | zero (3) | payload length u32 | position u64 | CRC-32C   | payload[length] |
 *  +------+----------+--------------------+--------------+-----------+-----------------+
 *
 *  BLOCK  position: block          signature entry | page runs | bytes of the Literal pages
 *                                  (on the source the signature entry alone)
 *  ZERO   position: first block    count u64
 *  NODE   position: index in level level u8 | node (32)
 * </pre>
 */
final class JournalFormat {
  static final int HEADER = 0;
  static final int SLOT_A = 4096;
  static final int SLOT_B = SLOT_A + BlockSize.SECTOR;
  static final int SLOTS_END = SLOT_B + BlockSize.SECTOR;
  static final int RECORDS = 8192;

  static final byte BLOCK = 1;
  static final byte ZERO = 2;
  static final byte NODE = 3;

  /** Bytes of a record before its payload. */
  static final int RECORD_HEADER = 20;

  /** Where in a record its CRC is, and how many bytes before it the CRC covers. */
  static final int RECORD_CRC = 16;

  static final int ZERO_PAYLOAD = Long.BYTES;
  static final int NODE_PAYLOAD = 1 + TreeShape.NODE;

  /** The shortest record. */
  static final int MIN_RECORD = RECORD_HEADER + ZERO_PAYLOAD;

  private JournalFormat() {}
}
