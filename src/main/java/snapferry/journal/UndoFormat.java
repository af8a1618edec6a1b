package snapferry.journal;

import snapferry.extent.BlockSize;

/**
 * Where things are in an undo record:
 *
 * <pre>
 *  offset 0       header (one sector used, 4096 reserved)
 *  offset 4096    pieces, one after another, to the end of the file
 * </pre>
 *
 * and in a piece:
 *
 * <pre>
 *  0             8             12              16          20
 *  +-------------+-------------+---------------+-----------+-----------------------+
 *  | offset u64  | length u32  | stored u32    | CRC-32C   | stored bytes          |
 *  +-------------+-------------+---------------+-----------+-----------------------+
 *
 *  stored = 0        the volume had zeros there
 *  stored &lt; length   an LZ4 block
 *  stored = length   the bytes as they were
 * </pre>
 */
final class UndoFormat {
  static final int PIECES = 4096;

  /** Bytes of a piece before what is stored. */
  static final int PIECE_HEADER = 20;

  /** Where in a piece its CRC is, and how many bytes before it the CRC covers. */
  static final int PIECE_CRC = 16;

  /** Most bytes of a volume in one piece, if they are not zeros. */
  static final int MAX_PIECE = 64 << 10;

  /** Most zeros of a volume in one piece. */
  static final int MAX_ZEROS = 1 << 30;

  private UndoFormat() {}

  /** Whether a piece may be of so many bytes, of which so many are stored. */
  static boolean isPiece(int length, int stored) {
    return length > 0
        && length % BlockSize.SECTOR == 0
        && length <= (stored == 0 ? MAX_ZEROS : MAX_PIECE)
        && stored >= 0
        && stored <= length;
  }
}
