package snapferry.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import snapferry.codec.Crc32c;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.delta.HashKind;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/** Undo records whose checksums are right and that no writer writes. */
class HandBuiltUndoTest {
  private static final long SIZE = 200_000 * 512L;
  private static final SignatureShape SHAPE =
      new SignatureShape(
          new Geometry(SIZE, new BlockSize(4096)), HashKind.FAST128, new SignatureShape.Key(1, 2));
  private static final RootHash ROOT = new RootHash(1, 2, 3, 4);
  private static final long EPOCH = 13;

  private final ByteArrayOutputStream pieces = new ByteArrayOutputStream();
  private final ByteBuffer crcs = LittleEndian.heap(64);

  private void piece(long offset, int length, int stored, byte... bytes) {
    ByteBuffer piece = LittleEndian.heap(UndoFormat.PIECE_HEADER + bytes.length);
    piece.putLong(offset).putInt(length).putInt(stored).putInt(0).put(bytes);
    int crc = new Crc32c().add(piece, 0, 16).add(piece, 20, piece.capacity()).value();
    crcs.putInt(crc);
    pieces.writeBytes(piece.putInt(UndoFormat.PIECE_CRC, crc).array());
  }

  private void zeros(long offset, int length) {
    piece(offset, length, 0);
  }

  private byte[] record(long count, int crc) {
    ByteBuffer record = LittleEndian.heap(UndoFormat.PIECES + pieces.size());
    UUID volume = new UUID(5, 6);
    new UndoHeader(SHAPE, EPOCH, volume, 0, ROOT, ROOT, 1, record.capacity(), count, crc)
        .encode(record);
    return record.put(UndoFormat.PIECES, pieces.toByteArray()).array();
  }

  private byte[] record() {
    return record(crcs.position() / 4, Crc32c.of(crcs, 0, crcs.position()));
  }

  private static void verify(byte[] record) throws IOException {
    MemoryDirectory directory = new MemoryDirectory();
    directory.replace(StateFiles.undo(EPOCH), record);
    UndoReader.verify(directory, EPOCH);
  }

  private void refused(String what) {
    byte[] record = record();
    assertThatThrownBy(() -> verify(record))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(StateFiles.undo(EPOCH) + ": ")
        .hasMessageContaining(what);
    pieces.reset();
    crcs.clear();
  }

  @Test
  void piecesWithinTheVolumeInOrderAreAccepted() throws IOException {
    verify(record());
    piece(0, 512, 512, new byte[512]);
    piece(512, UndoFormat.MAX_PIECE, UndoFormat.MAX_PIECE, new byte[UndoFormat.MAX_PIECE]);
    zeros(SIZE - 1024, 512);
    piece(SIZE - 512, 512, 512, new byte[512]);
    verify(record());
  }

  @Test
  void aLengthThatNoPieceHasIsRefused() {
    String what = "a length that no piece has";
    for (int length : new int[] {0, 511, 513, -512, Integer.MIN_VALUE}) {
      zeros(0, length);
      refused(what);
    }
    zeros(0, UndoFormat.MAX_ZEROS + 512);
    refused(what);
    piece(0, 512, 513, new byte[513]);
    refused(what);
    piece(0, 512, -1);
    refused(what);
    piece(0, UndoFormat.MAX_PIECE + 512, 512, new byte[512]);
    refused(what);
  }

  @Test
  void aPieceBeyondTheVolumeOrOutOfOrderIsRefused() {
    String what = "out of order, or beyond the volume";
    for (long offset : new long[] {-512, SIZE - 512, SIZE, Long.MAX_VALUE - 511, Long.MIN_VALUE}) {
      zeros(offset, 1024);
      refused(what);
    }
    for (long second : new long[] {0, 4096, 8191}) {
      zeros(4096, 4096);
      zeros(second, 512);
      refused(what);
    }
  }

  private static UndoHeader header(long epoch, int keep, long end, long pieces) {
    return new UndoHeader(SHAPE, epoch, new UUID(5, 6), 0, ROOT, ROOT, keep, end, pieces, 0);
  }

  @Test
  void aHeaderOutOfRangeIsNone() {
    long room = UndoFormat.PIECES + 3L * UndoFormat.PIECE_HEADER;
    assertThat(header(2, 1, room, 3).baseEpoch()).isEqualTo(1);
    assertThat(header(2, UndoHeader.MAX_KEEP, UndoFormat.PIECES, 0).pieces()).isZero();
    for (ThrowingCallable none :
        List.<ThrowingCallable>of(
            () -> header(1, 1, room, 3),
            () -> header(2, 0, room, 3),
            () -> header(2, UndoHeader.MAX_KEEP + 1, room, 3),
            () -> header(2, 1, room, 4),
            () -> header(2, 1, room - 1, 3),
            () -> header(2, 1, room, -1),
            () -> header(2, 1, UndoFormat.PIECES - 1, 0),
            () -> new UndoHeader(SHAPE, 2, new UUID(5, 6), -1, ROOT, ROOT, 1, room, 3, 0))) {
      assertThatThrownBy(none).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatCannotBeUnpackedIsRefused() {
    byte[] garbage = new byte[100];
    Arrays.fill(garbage, (byte) 0xff);
    piece(0, 4096, 100, garbage);
    refused("piece at offset 4096");
  }

  @Test
  void piecesThatTheHeaderDoesNotCountAreRefused() {
    zeros(0, 512);
    zeros(512, 512);
    int crc = Crc32c.of(crcs, 0, crcs.position());
    for (byte[] record : new byte[][] {record(1, crc), record(2, crc + 1)}) {
      assertThatThrownBy(() -> verify(record))
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("not those that its header counts");
    }
  }

  @Test
  void aRecordWithAByteThatDiffersOrThatEndsEarlierIsRefused() throws IOException {
    piece(0, 512, 512, new byte[512]);
    zeros(512, 512);
    byte[] record = record();
    verify(record);
    for (int at = 0; at < record.length; at++) {
      byte[] cut = Arrays.copyOf(record, at);
      record[at] ^= 1;
      byte[] garbled = record.clone();
      record[at] ^= 1;
      assertThatThrownBy(() -> verify(cut)).as("cut at %d", at).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> verify(garbled))
          .as("byte %d differs", at)
          .isInstanceOf(FormatException.class);
    }
    assertThat(record).hasSize(UndoFormat.PIECES + 2 * UndoFormat.PIECE_HEADER + 512);
  }
}
