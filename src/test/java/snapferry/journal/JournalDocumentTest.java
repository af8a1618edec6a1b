package snapferry.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import snapferry.codec.LittleEndian;
import snapferry.delta.HashKind;
import snapferry.delta.PageRuns;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

/** The examples of {@code journal.md} are what the code writes and reads. */
class JournalDocumentTest {
  private static final UUID VOLUME = UUID.fromString("6f1c1f0e-2f4b-4b59-9d5a-0d4a3c8f7b11");
  private static final SignatureShape.Key KEY =
      new SignatureShape.Key(0x1716151413121110L, 0x1f1e1d1c1b1a1918L);
  private static final Instant TIME = Instant.parse("2026-11-22T19:45:00Z");
  private static final SignatureShape SHAPE =
      new SignatureShape(new Geometry(8704, new BlockSize(4096)), HashKind.FAST128, KEY);
  private static final String ENTRY =
      "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf" + "44332211ccbbaa9988776655";
  private static final String NODE = "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf".repeat(2);
  private static final RootHash ROOT =
      RootHash.read(little("00112233445566778899aabbccddeeff".repeat(2)));

  private static ByteBuffer little(String hex) {
    return LittleEndian.wrap(HexFormat.of().parseHex(hex));
  }

  @Test
  void theWriterWritesTheExample() throws IOException {
    MemoryDirectory directory = new MemoryDirectory();
    JournalHeader header = new JournalHeader(SHAPE, 12, 13, VOLUME, TIME.toEpochMilli());
    byte[] expected = Document.dump("journal");

    try (JournalWriter writer = JournalWriter.create(directory, header)) {
      ByteBuffer literals = ByteBuffer.wrap("S".repeat(512).getBytes(US_ASCII));
      writer.block(2, little(ENTRY), new byte[] {PageRuns.LITERAL}, literals, 0, 512);
      writer.zero(0, 1);
      writer.node(1, 0, little(NODE));
      assertThat(writer.bytes()).isEqualTo(expected.length);
      writer.commit(ROOT);
    }

    assertThat(HexFormat.of().formatHex(directory.journal()))
        .isEqualTo(HexFormat.of().formatHex(expected));
  }

  @Test
  void theExampleIsReplayed() throws IOException {
    MemoryDirectory directory = MemoryDirectory.withJournal(Document.dump("journal"));
    VolumeState volume = new VolumeState(SHAPE);
    Arrays.fill(volume.image, (byte) 'o');
    Arrays.fill(volume.entries, (byte) 'o');

    try (JournalRecovery recovery = JournalRecovery.inspect(directory, manifest(SHAPE))) {
      assertThat(recovery.verdict().action()).isEqualTo(Verdict.Action.REPLAY);
      CommittedJournal committed = Objects.requireNonNull(recovery.committed());
      assertThat(committed.header())
          .isEqualTo(new JournalHeader(SHAPE, 12, 13, VOLUME, TIME.toEpochMilli()));
      assertThat(committed.commit().root()).isEqualTo(ROOT);
      recovery.replay(volume);
    }

    assertThat(new String(volume.image, US_ASCII))
        .isEqualTo("\0".repeat(4096) + "o".repeat(4096) + "S".repeat(512));
    assertThat(HexFormat.of().formatHex(volume.entries))
        .isEqualTo("00".repeat(28) + "6f".repeat(28) + ENTRY);
    assertThat(volume.nodes).containsOnly(Map.entry("1/0", NODE));
  }

  @Test
  void theManifestIsTheExample() throws IOException {
    SignatureShape shape =
        new SignatureShape(new Geometry(1L << 32, BlockSize.DEFAULT), HashKind.FAST128, KEY);
    String text = Document.example("manifest");

    assertThat(new String(manifest(shape).encode(), US_ASCII)).isEqualTo(text);
    assertThat(Manifest.decode(text.getBytes(US_ASCII))).isEqualTo(manifest(shape));
  }

  private static Manifest manifest(SignatureShape shape) {
    UUID standby = UUID.fromString("0b9f6a51-7c0e-4f0e-8f43-3a4a1c1c2d10");
    RootHash root = RootHash.read(little("4b7c9e02d1f35a68".repeat(4)));
    return Manifest.seeding("vol0.img", VOLUME, standby, shape, Instant.EPOCH)
        .standing(12, root, shape, TIME)
        .withSignature(true);
  }
}
