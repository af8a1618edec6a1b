package snapferry.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.codec.Crc32c;
import snapferry.codec.FormatException;
import snapferry.delta.HashKind;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

class ManifestTest {
  private static final UUID VOLUME = new UUID(1, 2);
  private static final UUID STANDBY = new UUID(-3, 4);
  private static final RootHash ROOT = new RootHash(1, 2, 3, -4);
  private static final Instant TIME = Instant.parse("2026-11-22T19:45:00.070Z");
  private static final SignatureShape SHAPE = shape(1L << 32, HashKind.FAST128);
  private static final Manifest MANIFEST =
      Manifest.seeding("vol0.img", VOLUME, STANDBY, SHAPE, TIME).standing(12, ROOT, SHAPE, TIME);

  private static SignatureShape shape(long size, HashKind hash) {
    return new SignatureShape(
        new Geometry(size, BlockSize.DEFAULT), hash, new SignatureShape.Key(5, -6));
  }

  /** The manifest with one piece of its text replaced and the CRC made right again. */
  private static byte[] edited(String piece, String replacement) {
    String text = new String(MANIFEST.encode(), US_ASCII);
    assertThat(text).contains(piece);
    byte[] body =
        text.substring(0, text.length() - 17).replace(piece, replacement).getBytes(US_ASCII);
    int crc = Crc32c.of(ByteBuffer.wrap(body), 0, body.length);
    return (new String(body, US_ASCII) + "crc32c: " + HexFormat.of().toHexDigits(crc) + "\n")
        .getBytes(US_ASCII);
  }

  private static void assertRefused(byte[] bytes, String description) {
    assertThatThrownBy(() -> Manifest.decode(bytes))
        .as(description)
        .isInstanceOf(FormatException.class);
  }

  @Test
  void aPromotedImageHasNoSignatureAndKeepsItsEpoch() throws IOException {
    Manifest promoted = MANIFEST.withSignature(true).promoted();
    assertThat(promoted.signaturePresent()).isFalse();
    assertThat(promoted.epoch()).isEqualTo(MANIFEST.epoch());
    assertThat(Manifest.decode(promoted.encode())).isEqualTo(promoted);
    assertRefused(edited("state: standing", "state: demoted"), "a state of another version");
  }

  @Test
  void whatWasEncodedIsDecoded() throws IOException {
    SignatureShape largest = shape(Geometry.MAX_SIZE, HashKind.SHA256);
    Manifest seeding = Manifest.seeding("a", VOLUME, STANDBY, largest, Instant.EPOCH);
    Manifest last =
        MANIFEST
            .standing(Long.MAX_VALUE, ROOT, largest, Instant.parse("9999-12-31T23:59:59.999Z"))
            .withSignature(true);

    for (Manifest manifest : new Manifest[] {MANIFEST, seeding, last}) {
      assertThat(Manifest.decode(manifest.encode())).isEqualTo(manifest);
    }
    assertThat(last.signaturePresent()).isTrue();
    assertThat(Manifest.decode(edited("vol0", "vol1")).label()).isEqualTo("vol1.img");
  }

  @Test
  void theDirectoryKeepsIt() throws IOException {
    MemoryDirectory directory = new MemoryDirectory();
    assertThat(Manifest.load(directory)).isNull();
    MANIFEST.store(directory);
    assertThat(Manifest.load(directory)).isEqualTo(MANIFEST);
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] bytes = MANIFEST.encode();
    for (int length = 0; length < bytes.length; length++) {
      assertRefused(Arrays.copyOf(bytes, length), "cut to " + length);
    }
  }

  @Test
  void everyGarbledByteIsRefused() {
    Random random = new Random(1);
    for (int at = 0; at < MANIFEST.encode().length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] bytes = MANIFEST.encode();
        bytes[at] ^= (byte) (1 << bit);
        assertRefused(bytes, "bit " + bit + " of byte " + at);
      }
      byte[] bytes = MANIFEST.encode();
      bytes[at] += (byte) (1 + random.nextInt(255));
      assertRefused(bytes, "seed 1, byte " + at);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          snapferry-manifest: 1 | snapferry-manifest: 2
          state: standing       | state: STANDING
          state: standing       | state: seeding
          epoch: 12             | epoch: 0
          epoch: 12             | epoch: 012
          epoch: 12             | epoch: +12
          epoch: 12             | epoch: -12
          epoch: 12             | epoch: 9223372036854775808
          epoch: 12             | epoch:  12
          epoch: 12             | Epoch: 12
          epoch: 12             | epoch:
          label: vol0.img       | label: vol/0
          label: vol0.img       | label: volü
          volume: 00000000-     | volume: 0-
          standby: ffffffff     | standby: FFFFFFFF
          root: 01              | root: 0
          root: 01              | root: 0101
          size: 4294967296      | size: 4294967297
          size: 4294967296      | size: 0
          size: 4294967296      | size: 2305843009213693952
          block-size: 65536     | block-size: 65535
          block-size: 65536     | block-size: 2097152
          hash: fast128         | hash: md5
          key: 05               | key: 0x
          time: 2026-11-22T19:45:00.070Z | time: 2026-11-22T19:45:00.07Z
          time: 2026-11-22T19:45:00.070Z | time: 2026-11-22T19:45:60.070Z
          time: 2026-11-22T19:45:00.070Z | time: 1969-11-22T19:45:00.070Z
          time: 2026-11-22T19:45:00.070Z | time: +999999999-11-22T19:45:00.070Z
          signature: absent     | signature: none
          """)
  void whatIsNotCanonicalIsRefused(String piece, String replacement) {
    assertRefused(edited(piece, replacement), replacement);
  }

  @Test
  void linesThatAreMissingMovedOrAddedAreRefused() {
    List<String> lines =
        new String(MANIFEST.encode(), US_ASCII).lines().map(line -> line + "\n").toList();
    for (int i = 0; i < lines.size() - 2; i++) {
      String line = lines.get(i);
      String next = lines.get(i + 1);
      assertRefused(edited(line, ""), "without " + line);
      assertRefused(edited(line, line + line), "twice " + line);
      assertRefused(edited(line + next, next + line), "moved " + line);
      assertRefused(edited(line, line.replace("\n", "\r\n")), "CR after " + line);
    }
    assertRefused(edited("signature: absent\n", "signature: absent\nmore: x\n"), "a line more");
    assertRefused(edited("signature: absent\n", "signature: absent"), "no line end");
  }

  @Test
  void moreThan4096BytesAreRefused() {
    assertRefused(edited("signature: absent\n", "signature: absent\n" + "\n".repeat(4096)), "long");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\nb", "ä", "a/b"})
  void aLabelOutsideItsCharactersIsNoManifest(String label) {
    assertThatThrownBy(() -> Manifest.seeding(label, VOLUME, STANDBY, SHAPE, TIME))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aLabelHasAtMost128Characters() {
    String longest = "x".repeat(128);
    assertThat(Manifest.seeding(longest, VOLUME, STANDBY, SHAPE, TIME).label()).isEqualTo(longest);
    assertThatThrownBy(() -> Manifest.seeding(longest + "x", VOLUME, STANDBY, SHAPE, TIME))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void timesThatTheTextCannotSayAreNoManifest() {
    Instant year10000 = Instant.parse("+10000-01-01T00:00:00Z");
    Instant before1970 = Instant.ofEpochMilli(-1);
    for (Instant time : List.of(before1970, year10000, TIME.plusNanos(1))) {
      assertThatThrownBy(() -> MANIFEST.standing(13, ROOT, SHAPE, time))
          .as("%s", time)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
