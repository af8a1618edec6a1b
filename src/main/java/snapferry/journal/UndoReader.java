package snapferry.journal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import snapferry.codec.Crc32c;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.codec.Lz4;
import snapferry.device.StateDirectory;
import snapferry.device.Storage;
import snapferry.failure.Failure;

/**
 * Goes through the pieces of a sealed undo record, in the order of the volume, and checks each
 * before it shows it. Reads with bounded memory, writes nothing. Not safe for use by several
 * threads.
 */
public final class UndoReader implements Closeable {
  private static final int LONGEST = UndoFormat.PIECE_HEADER + UndoFormat.MAX_PIECE;

  private final String name;
  private final Storage storage;
  private final UndoHeader header;
  private final RecordWindow window;
  private final ByteBuffer unpacked = LittleEndian.direct(UndoFormat.MAX_PIECE);
  private final Crc32c crc = new Crc32c();
  private final Crc32c piecesCrc = new Crc32c();

  private long pieces;
  private long offset;
  private int length;
  private int stored;

  /** Where the bytes of the piece are: {@code bytes[at, at + length)}. */
  private ByteBuffer bytes = unpacked;

  private int at;

  private UndoReader(String name, Storage storage, UndoHeader header) {
    this.name = name;
    this.storage = storage;
    this.header = header;
    this.window = new RecordWindow(storage, UndoFormat.PIECES, header.end(), LONGEST, LONGEST);
  }

  /**
   * Opens the record that undoes {@code epoch}.
   *
   * @throws FormatException if its header is not valid, or the file is not as long as it says
   */
  public static UndoReader open(StateDirectory directory, long epoch) throws IOException {
    String file = StateFiles.undo(epoch);
    Storage storage = directory.open(file);
    try {
      return new UndoReader(file, storage, header(file, storage));
    } catch (Throwable e) {
      storage.close();
      throw e;
    }
  }

  private static UndoHeader header(String file, Storage storage) throws IOException {
    ByteBuffer encoded = LittleEndian.direct(UndoHeader.LENGTH);
    long size = storage.size();
    if (size < encoded.capacity()) {
      throw new FormatException(file + ": undo record of " + size + " bytes");
    }
    storage.read(0, encoded);
    try {
      UndoHeader header = UndoHeader.decode(encoded);
      if (header.end() != size) {
        throw new FormatException("undo record of " + size + " bytes, sealed with " + header.end());
      }
      return header;
    } catch (FormatException e) {
      throw new FormatException(file + ": " + e.getMessage());
    }
  }

  /** As {@link #open}, but only to look at the header. */
  static UndoHeader look(StateDirectory directory, long epoch) throws IOException {
    String file = StateFiles.undo(epoch);
    try (Storage storage = directory.open(file)) {
      return header(file, storage);
    }
  }

  /** What the record leads from and to. */
  public UndoHeader header() {
    return header;
  }

  /**
   * Reads and checks the record that undoes {@code epoch}, all of it.
   *
   * @throws FormatException if anything of it is damaged
   */
  public static void verify(StateDirectory directory, long epoch) throws IOException {
    try (UndoReader reader = open(directory, epoch)) {
      while (reader.next()) {
        // Each piece is checked on the way.
      }
    }
  }

  /**
   * Goes to the next piece; false when there is none and the header agrees.
   *
   * @throws FormatException if a piece is damaged, or is one that no writer writes
   */
  public boolean next() throws IOException {
    if (window.atEnd()) {
      if (pieces != header.pieces() || piecesCrc.value() != header.piecesCrc()) {
        throw new FormatException(name + ": its pieces are not those that its header counts");
      }
      return false;
    }
    long where = window.offset();
    try {
      read();
    } catch (FormatException e) {
      throw new FormatException(name + ": piece at offset " + where + ": " + e.getMessage());
    }
    pieces++;
    return true;
  }

  private void read() throws IOException {
    ByteBuffer buffer = window.buffer();
    int start = window.require(UndoFormat.PIECE_HEADER);
    long from = buffer.getLong(start);
    int count = buffer.getInt(start + 8);
    stored = buffer.getInt(start + 12);
    check(UndoFormat.isPiece(count, stored), "a length that no piece has");
    long size = header.shape().geometry().size();
    check(from >= offset + length && from <= size - count, "out of order, or beyond the volume");
    start = window.require(UndoFormat.PIECE_HEADER + stored);
    int payload = start + UndoFormat.PIECE_HEADER;
    int crcAt = start + UndoFormat.PIECE_CRC;
    crc.reset().add(buffer, start, crcAt).add(buffer, payload, payload + stored);
    check(buffer.getInt(crcAt) == crc.value(), "its CRC does not match");
    piecesCrc.add(buffer, crcAt, payload);
    window.skip(UndoFormat.PIECE_HEADER + stored);
    offset = from;
    length = count;
    unpack(buffer, payload);
  }

  private void unpack(ByteBuffer buffer, int payload) throws FormatException {
    bytes = buffer;
    at = payload;
    if (stored > 0 && stored < length) {
      try {
        Lz4.decompress(buffer, payload, stored, unpacked, 0, length);
      } catch (Failure e) {
        throw new FormatException(String.valueOf(e.getMessage()));
      }
      bytes = unpacked;
      at = 0;
    }
  }

  private static void check(boolean condition, String otherwise) throws FormatException {
    if (!condition) {
      throw new FormatException(otherwise);
    }
  }

  /** Where in the volume the piece begins. */
  public long offset() {
    return offset;
  }

  /** Where in the volume the piece ends. */
  public long end() {
    return offset + length;
  }

  /** Whether the volume had zeros there. */
  public boolean isZeros() {
    return stored == 0;
  }

  /** Holds what the volume had there, from {@link #at} on; until the next piece. */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** Where in {@link #bytes} the piece begins. */
  public int at() {
    return at;
  }

  @Override
  public void close() throws IOException {
    storage.close();
  }
}
