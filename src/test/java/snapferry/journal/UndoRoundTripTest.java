package snapferry.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import snapferry.codec.LittleEndian;
import snapferry.codec.Lz4;
import snapferry.delta.HashKind;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/** What an undo record keeps is read back, in as few pieces as there can be. */
class UndoRoundTripTest {
  private static final long SEED = 0x0d0;
  private static final int SIZE = (2 << 20) + 512;
  private static final int PAGE = BlockSize.PAGE;
  private static final RootHash ROOT = new RootHash(1, 2, 3, 4);

  /** A piece that was read: where it was, and what. */
  private record Piece(int offset, ByteBuffer bytes, boolean zeros) {
    int end() {
      return offset + bytes.capacity();
    }
  }

  private static Manifest base(int size) {
    SignatureShape shape =
        new SignatureShape(
            new Geometry(size, new BlockSize(PAGE)),
            HashKind.FAST128,
            new SignatureShape.Key(1, 2));
    return Manifest.seeding("a", new UUID(1, 2), new UUID(3, 4), shape, Instant.EPOCH)
        .standing(12, ROOT, shape, Instant.EPOCH);
  }

  private static List<Piece> read(MemoryDirectory directory) throws IOException {
    List<Piece> pieces = new ArrayList<>();
    try (UndoReader reader = UndoReader.open(directory, 13)) {
      while (reader.next()) {
        byte[] bytes = new byte[(int) (reader.end() - reader.offset())];
        if (!reader.isZeros()) {
          reader.bytes().get(reader.at(), bytes);
        }
        pieces.add(new Piece((int) reader.offset(), ByteBuffer.wrap(bytes), reader.isZeros()));
      }
      assertThat(reader.header().pieces()).isEqualTo(pieces.size());
    }
    return pieces;
  }

  /** A page of an image: zeros, text that shrinks, noise; mostly of the kind of the page before. */
  private static void fill(byte[] image, Random random) {
    int kind = 0;
    for (int at = 0; at < image.length; at += PAGE) {
      kind = random.nextInt(8) == 0 ? random.nextInt(3) : kind;
      int end = Math.min(image.length, at + PAGE);
      byte[] noise = new byte[end - at];
      random.nextBytes(noise);
      if (kind == 1) {
        Arrays.fill(noise, 8, noise.length, noise[0]);
      }
      if (kind > 0) {
        System.arraycopy(noise, 0, image, at, noise.length);
      }
    }
  }

  @Test
  void whatWasKeptIsReadBackInPiecesAsLongAsTheyCanBe() throws IOException {
    for (int round = 0; round < 30; round++) {
      Random random = new Random(SEED + round);
      byte[] image = new byte[SIZE];
      fill(image, random);
      boolean[] kept = new boolean[SIZE / 512];
      MemoryDirectory directory = new MemoryDirectory();
      try (UndoWriter writer = UndoWriter.create(directory, base(SIZE), 1)) {
        int at = 0;
        while (at < SIZE) {
          at += random.nextInt(3) == 0 ? random.nextInt(9) * PAGE : 0;
          int count = Math.min(SIZE - at, (1 + random.nextInt(40)) * PAGE);
          if (count > 0) {
            int gap = random.nextInt(100);
            ByteBuffer bytes = ByteBuffer.allocate(gap + count).put(gap, image, at, count);
            writer.keep(at, bytes, gap, count);
            Arrays.fill(kept, at / 512, (at + count) / 512, true);
          }
          at += Math.max(count, 0);
        }
        writer.seal(ROOT);
      }
      List<Piece> pieces = read(directory);
      for (Piece piece : pieces) {
        assertThat(piece.bytes())
            .as("seed %d, round %d, at %d", SEED, round, piece.offset())
            .isEqualTo(ByteBuffer.wrap(image, piece.offset(), piece.end() - piece.offset()));
        for (int sector = piece.offset() / 512; sector < piece.end() / 512; sector++) {
          assertThat(kept[sector]).isTrue();
          kept[sector] = false;
        }
      }
      assertThat(kept).as("seed %d, round %d", SEED, round).containsOnly(false);
      for (int i = 1; i < pieces.size(); i++) {
        Piece before = pieces.get(i - 1);
        Piece piece = pieces.get(i);
        assertThat(
                before.end() < piece.offset()
                    || before.zeros() != piece.zeros()
                    || before.bytes().capacity() == UndoFormat.MAX_PIECE)
            .as("seed %d, round %d: a piece that goes on at %d", SEED, round, piece.offset())
            .isTrue();
      }
    }
  }

  @Test
  void zerosAreKeptInPiecesOfAGibibyte() throws IOException {
    MemoryDirectory directory = new MemoryDirectory();
    int size = UndoFormat.MAX_ZEROS + (1 << 20);
    ByteBuffer zeros = LittleEndian.direct(1 << 20);
    try (UndoWriter writer = UndoWriter.create(directory, base(size), 1)) {
      for (int at = 0; at < size; at += zeros.capacity()) {
        writer.keep(at, zeros, 0, zeros.capacity());
      }
      writer.seal(ROOT);
    }
    try (UndoReader reader = UndoReader.open(directory, 13)) {
      assertThat(reader.next()).isTrue();
      assertThat(reader.end()).isEqualTo(UndoFormat.MAX_ZEROS);
      assertThat(reader.next()).isTrue();
      assertThat(reader.end()).isEqualTo(size);
      assertThat(reader.next()).isFalse();
    }
  }

  /** Beyond the end of the epoch before there is nothing to go back to. */
  @Test
  void whatLiesBeyondTheVolumeIsNotKept() throws IOException {
    byte[] image = new byte[4 * PAGE];
    new Random(SEED).nextBytes(image);
    MemoryDirectory directory = new MemoryDirectory();
    try (UndoWriter writer = UndoWriter.create(directory, base(2 * PAGE + 512), 1)) {
      writer.keep(PAGE, ByteBuffer.wrap(image), PAGE, 3 * PAGE);
      writer.seal(ROOT);
    }
    assertThat(read(directory))
        .singleElement()
        .satisfies(
            piece -> assertThat(piece.bytes()).isEqualTo(ByteBuffer.wrap(image, PAGE, PAGE + 512)));
  }

  /** As many stored bytes as the piece has stand for themselves, so LZ4 must have made it less. */
  @Test
  void whatLz4MakesNoSmallerIsKeptAsItIs() throws IOException {
    Random random = new Random(SEED);
    int asLong = 0;
    for (int repeated = 0; repeated < 200; repeated++) {
      byte[] page = new byte[PAGE];
      random.nextBytes(page);
      Arrays.fill(page, 1000, 1000 + repeated, (byte) 7);
      ByteBuffer target = LittleEndian.direct(Lz4.maxCompressedLength(PAGE));
      asLong += Lz4.compress(LittleEndian.wrap(page), 0, PAGE, target, 0) == PAGE ? 1 : 0;
      MemoryDirectory directory = new MemoryDirectory();
      try (UndoWriter writer = UndoWriter.create(directory, base(PAGE), 1)) {
        writer.keep(0, ByteBuffer.wrap(page), 0, PAGE);
        writer.seal(ROOT);
      }
      assertThat(read(directory))
          .as("%d repeated bytes", repeated)
          .singleElement()
          .satisfies(piece -> assertThat(piece.bytes()).isEqualTo(ByteBuffer.wrap(page)));
    }
    assertThat(asLong).as("pages that LZ4 makes exactly as long").isPositive();
  }

  @Test
  void anEpochThatDoesNotComeLeavesNoRecord() throws IOException {
    MemoryDirectory directory = new MemoryDirectory();
    UndoWriter writer = UndoWriter.create(directory, base(PAGE), 1);
    writer.keep(0, ByteBuffer.allocate(PAGE), 0, PAGE);
    writer.abandon();
    assertThat(directory.exists(StateFiles.undo(13))).isFalse();
  }
}
