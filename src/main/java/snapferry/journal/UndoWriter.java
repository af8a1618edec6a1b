package snapferry.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import snapferry.codec.Crc32c;
import snapferry.codec.LittleEndian;
import snapferry.codec.Lz4;
import snapferry.delta.RootHash;
import snapferry.delta.Zeros;
import snapferry.device.StateDirectory;
import snapferry.device.Storage;
import snapferry.extent.BlockSize;

/**
 * Writes the undo record of an epoch that is on its way: what the image held where the epoch
 * overwrites it. It is sealed and durable before the epoch's journal is committed, so whatever
 * overwrites these bytes finds them kept. A record that was not sealed counts for nothing.
 *
 * <p>Not safe for use by several threads. Allocates nothing per piece.
 */
public final class UndoWriter implements Closeable {
  private final StateDirectory directory;
  private final Appender file;
  private final Manifest base;
  private final int keep;

  private final ByteBuffer gathered = LittleEndian.direct(UndoFormat.MAX_PIECE);

  /** A piece as it is stored: its header, and the bytes if they shrank. */
  private final ByteBuffer piece =
      LittleEndian.direct(UndoFormat.PIECE_HEADER + Lz4.maxCompressedLength(UndoFormat.MAX_PIECE));

  private final Crc32c crc = new Crc32c();
  private final Crc32c piecesCrc = new Crc32c();
  private long pieces;

  /** What is not written yet: {@code length} bytes, zeros or gathered. */
  private long offset;

  private int length;
  private boolean zeros;

  private UndoWriter(StateDirectory directory, Appender file, Manifest base, int keep) {
    this.directory = directory;
    this.file = file;
    this.base = base;
    this.keep = keep;
  }

  /**
   * Starts the undo record of the epoch after {@code base}, in place of any other.
   *
   * @param keep how many epochs are to be kept, at least 1
   */
  public static UndoWriter create(StateDirectory directory, Manifest base, int keep)
      throws IOException {
    Appender file =
        Appender.create(
            directory,
            StateFiles.undo(base.epoch() + 1),
            "undo record",
            ", or keep fewer epochs (--keep)");
    try {
      file.put(LittleEndian.direct(UndoHeader.LENGTH), 0, UndoHeader.LENGTH);
      return new UndoWriter(directory, file, base, keep);
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  /**
   * The image holds {@code bytes[at, at + count)} from {@code from} on. Ranges come in ascending
   * order. What lies beyond the end of the epoch before is nobody's.
   *
   * @param bytes left as they are
   */
  public void keep(long from, ByteBuffer bytes, int at, int count) throws IOException {
    long end = Math.min(from + count, base.shape().geometry().size());
    for (long next = from; next < end; ) {
      int part = (int) Math.min(end - next, BlockSize.PAGE - next % BlockSize.PAGE);
      part(next, bytes, at + (int) (next - from), part);
      next += part;
    }
  }

  private void part(long from, ByteBuffer bytes, int at, int count) throws IOException {
    boolean zero = Zeros.isZero(bytes, at, count);
    int most = zero ? UndoFormat.MAX_ZEROS : UndoFormat.MAX_PIECE;
    if (zero != zeros || from != offset + length || count > most - length) {
      flush();
      offset = from;
      zeros = zero;
    }
    if (!zero) {
      gathered.put(length, bytes, at, count);
    }
    length += count;
  }

  private void flush() throws IOException {
    if (length == 0) {
      return;
    }
    int stored = zeros ? 0 : length;
    ByteBuffer bytes = gathered;
    int at = 0;
    if (!zeros) {
      int packed = Lz4.compress(gathered, 0, length, piece, UndoFormat.PIECE_HEADER);
      if (packed < length) {
        stored = packed;
        bytes = piece;
        at = UndoFormat.PIECE_HEADER;
      }
    }
    piece.putLong(0, offset).putInt(8, length).putInt(12, stored);
    crc.reset().add(piece, 0, UndoFormat.PIECE_CRC).add(bytes, at, at + stored);
    piece.putInt(UndoFormat.PIECE_CRC, crc.value());
    piecesCrc.add(piece, UndoFormat.PIECE_CRC, UndoFormat.PIECE_HEADER);
    file.put(piece, 0, UndoFormat.PIECE_HEADER);
    file.put(bytes, at, stored);
    pieces++;
    length = 0;
  }

  /**
   * Closes the record: its bytes are durable when this returns, its name is after the next sync of
   * the directory.
   *
   * @param root of the epoch that it undoes
   */
  public void seal(RootHash root) throws IOException {
    flush();
    UndoHeader header =
        new UndoHeader(
            base.shape(),
            base.epoch() + 1,
            base.volume(),
            base.time().toEpochMilli(),
            root,
            base.root(),
            keep,
            file.bytes(),
            pieces,
            piecesCrc.value());
    ByteBuffer encoded = LittleEndian.direct(UndoHeader.LENGTH);
    header.encode(encoded);
    Storage storage = file.finish();
    storage.write(0, encoded.rewind());
    storage.sync();
  }

  /** Removes the record: the epoch does not come. */
  public void abandon() throws IOException {
    close();
    directory.delete(StateFiles.undo(base.epoch() + 1));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
