package snapferry.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import snapferry.codec.LittleEndian;
import snapferry.delta.HashKind;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/** The example of {@code history.md} is what the code writes and reads. */
class UndoDocumentTest {
  private static final UUID VOLUME = UUID.fromString("6f1c1f0e-2f4b-4b59-9d5a-0d4a3c8f7b11");
  private static final SignatureShape.Key KEY =
      new SignatureShape.Key(0x1716151413121110L, 0x1f1e1d1c1b1a1918L);
  private static final SignatureShape SHAPE =
      new SignatureShape(new Geometry(12_288, new BlockSize(4096)), HashKind.FAST128, KEY);
  private static final Instant TIME = Instant.parse("2026-11-22T19:45:00Z");
  private static final RootHash ROOT = root("00112233445566778899aabbccddeeff".repeat(2));
  private static final RootHash BASE_ROOT = root("4b7c9e02d1f35a68".repeat(4));
  private static final Manifest BASE =
      Manifest.seeding("vol0.img", VOLUME, UUID.randomUUID(), SHAPE, Instant.EPOCH)
          .standing(12, BASE_ROOT, SHAPE, TIME);
  private static final Manifest NEXT = BASE.standing(13, ROOT, SHAPE, TIME);

  private static RootHash root(String hex) {
    return RootHash.read(LittleEndian.wrap(HexFormat.of().parseHex(hex)));
  }

  private static byte[] bytes(MemoryDirectory directory) {
    byte[] bytes = directory.load(StateFiles.undo(13), Integer.MAX_VALUE);
    return bytes == null ? new byte[0] : bytes;
  }

  private static MemoryDirectory written() throws IOException {
    MemoryDirectory directory = new MemoryDirectory();
    try (UndoWriter writer = UndoWriter.create(directory, BASE, 24)) {
      writer.keep(0, ByteBuffer.wrap("u".repeat(4096).getBytes(US_ASCII)), 0, 4096);
      writer.keep(8192, ByteBuffer.allocate(8192), 0, 8192);
      writer.seal(ROOT);
    }
    return directory;
  }

  @Test
  void theWriterWritesTheExample() throws IOException {
    assertThat(HexFormat.of().formatHex(bytes(written())))
        .isEqualTo(HexFormat.of().formatHex(Document.dump("history.md", "undo")));
  }

  @Test
  void theExampleIsRead() throws IOException {
    MemoryDirectory directory = new MemoryDirectory();
    directory.replace(StateFiles.undo(13), Document.dump("history.md", "undo"));
    UndoChain chain = UndoChain.of(directory, NEXT);
    assertThat(chain.broken()).isFalse();
    assertThat(chain.keep()).isEqualTo(24);
    UndoHeader header = chain.to(12).get(0);
    assertThat(List.of(header.baseEpoch(), header.epoch(), header.pieces(), header.time()))
        .isEqualTo(List.of(12L, 13L, 2L, TIME.toEpochMilli()));
    assertThat(List.of(header.root(), header.baseRoot())).isEqualTo(List.of(ROOT, BASE_ROOT));
    assertThat(header.shape()).isEqualTo(SHAPE);
    try (UndoReader reader = UndoReader.open(directory, 13)) {
      assertThat(reader.next()).isTrue();
      assertThat(List.of(reader.offset(), reader.end())).isEqualTo(List.of(0L, 4096L));
      byte[] page = new byte[4096];
      reader.bytes().get(reader.at(), page);
      assertThat(new String(page, US_ASCII)).isEqualTo("u".repeat(4096));
      assertThat(reader.next()).isTrue();
      assertThat(List.of(reader.offset(), reader.end())).isEqualTo(List.of(8192L, 12_288L));
      assertThat(reader.isZeros()).isTrue();
      assertThat(reader.next()).isFalse();
    }
  }

  @Test
  void aRecordOfAnEpochThatNeverCameLeadsNowhere() throws IOException {
    MemoryDirectory directory = written();
    UndoChain chain = UndoChain.of(directory, BASE.standing(13, BASE_ROOT, SHAPE, TIME));
    assertThat(chain.links()).isEmpty();
    assertThat(chain.broken()).isTrue();
    assertThat(UndoChain.of(directory, BASE).links()).isEmpty();
  }

  @Test
  void theWritesAreInTheDocumentedOrder() throws IOException {
    assertThat(written().events).containsExactly("delete", "write 0", "write 0", "sync file");
  }
}
