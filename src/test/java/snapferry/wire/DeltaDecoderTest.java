package snapferry.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.delta.HashKind;
import snapferry.delta.PageRuns;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

/** What no encoder emits, built by hand. */
class DeltaDecoderTest {
  private static final int BLOCKS = 8;
  private static final int ENCODING = 10;
  private static final int LITERAL_LENGTH = 12;
  private static final int STORED_LENGTH = 16;
  private static final int GAP = 20;
  private static final int HASH = 22;
  private static final int RUNS = 38;
  private static final int SECOND_GAP = 40;
  private static final int SECOND_RUNS = 58;
  private static final int STORED = 59;

  /** Five blocks of two pages; the last has 512 bytes. */
  private final Geometry geometry = new Geometry(4 * 8192 + 512, new BlockSize(8192));

  private final DeltaDecoder decoder = new DeltaDecoder(geometry, HashKind.FAST128, true);

  /** Block 1: Same, Literal; block 4: Literal. */
  private ByteBuffer payload(boolean compress) {
    DeltaEncoder encoder = new DeltaEncoder(geometry, HashKind.FAST128, compress);
    ByteBuffer hash = ByteBuffer.allocate(16).put(0, (byte) 1);
    byte[] bytes = new byte[8192];
    Arrays.fill(bytes, (byte) 'x');
    ByteBuffer source = ByteBuffer.wrap(bytes);
    encoder.add(
        1, hash, 0, new byte[] {PageRuns.SAME, PageRuns.LITERAL}, PageRuns.NO_COPIES, source, 0);
    encoder.add(4, hash, 0, new byte[] {PageRuns.LITERAL, 0}, PageRuns.NO_COPIES, source, 0);
    ByteBuffer out = LittleEndian.heap(DeltaEncoder.maxFrameLength());
    encoder.finish(out);
    ByteBuffer frame = out.flip();
    return LittleEndian.heap(frame.limit()).put(frame.position(FrameHeader.LENGTH)).flip();
  }

  private void decode(ByteBuffer payload) throws IOException {
    decoder.reset(payload);
    while (decoder.next()) {
      assertThat(decoder.block()).isBetween(0L, geometry.blocks() - 1);
    }
  }

  private void refused(boolean compress, Consumer<ByteBuffer> change, String what)
      throws IOException {
    decode(payload(compress));
    ByteBuffer payload = payload(compress);
    change.accept(payload);
    assertThatThrownBy(() -> decode(payload))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(what);
  }

  private void refused(Consumer<ByteBuffer> change, String what) throws IOException {
    refused(false, change, what);
  }

  @Test
  void aBlockBeyondTheVolumeIsRefused() throws IOException {
    refused(p -> p.putLong(0, 5), "from block 5");
    refused(p -> p.putLong(0, -1), "from block 18446744073709551615");
    refused(p -> p.putLong(0, Long.MAX_VALUE), "from block");
    refused(p -> p.putLong(0, 2), "to block 5");
    refused(p -> p.putShort(SECOND_GAP, (short) 3), "to block 5");
    refused(p -> p.putShort(SECOND_GAP, (short) -1), "a gap of 65535");
  }

  @Test
  void aGapBeforeTheFirstBlockIsRefused() throws IOException {
    refused(p -> p.putShort(GAP, (short) 1).putLong(0, 0), "a gap of 1");
  }

  @Test
  void aNumberOfBlocksThatIsOutOfBoundsIsRefused() throws IOException {
    refused(p -> p.putShort(BLOCKS, (short) 0), "of 0 blocks");
    refused(p -> p.putShort(BLOCKS, (short) 1025), "of 1025 blocks");
    refused(p -> p.putShort(BLOCKS, (short) -1), "of 65535 blocks");
    refused(p -> p.putShort(BLOCKS, (short) 1), "not used up");
    refused(true, p -> p.putShort(BLOCKS, (short) 3), "stored bytes");
  }

  @Test
  void anEncodingThatDoesNotFitItsLengthsIsRefused() throws IOException {
    refused(p -> p.put(ENCODING, (byte) 1), "encoding 1");
    refused(p -> p.put(ENCODING, (byte) 2), "encoding 2");
    refused(p -> p.put(ENCODING + 1, (byte) 1), "reserved");
    refused(true, p -> p.put(ENCODING, (byte) 0), "encoding 0");
    refused(p -> p.putInt(LITERAL_LENGTH, 4609), "encoding 0");
    refused(true, p -> p.putInt(LITERAL_LENGTH, p.getInt(STORED_LENGTH)), "encoding 1");
  }

  @Test
  void literalLengthsBeyondTheLimitAreRefusedBeforeDecompressing() throws IOException {
    refused(true, p -> p.putInt(LITERAL_LENGTH, (1 << 20) + 1), "1048577 literal bytes");
    refused(true, p -> p.putInt(LITERAL_LENGTH, -1), "4294967295 literal bytes");
    refused(p -> p.putInt(STORED_LENGTH, 4607), "encoding 0");
    refused(p -> p.putInt(STORED_LENGTH, 4610), "4610 stored bytes");
    refused(p -> p.putInt(STORED_LENGTH, -1), "4294967295 stored bytes");
    refused(p -> p.putInt(STORED_LENGTH, p.limit() - 20), "stored bytes");
  }

  @Test
  void literalBytesThatAreNotUsedUpExactlyAreRefused() throws IOException {
    refused(p -> p.put(RUNS, (byte) (PageRuns.ZERO << 6)).put(RUNS + 1, (byte) 0), "not used up");
    refused(p -> p.put(SECOND_RUNS, (byte) (PageRuns.ZERO << 6)), "not used up");
    refused(
        p -> p.limit(p.limit() - 1).putInt(LITERAL_LENGTH, 4607).putInt(STORED_LENGTH, 4607),
        "not used up");
  }

  @Test
  void aBlockThatClaimsMoreLiteralBytesThanThereAreIsRefusedBeforeItIsShown() throws IOException {
    ByteBuffer payload = payload(false);
    payload.limit(payload.limit() - 4096).putInt(LITERAL_LENGTH, 512).putInt(STORED_LENGTH, 512);
    decoder.reset(payload);
    assertThatThrownBy(decoder::next)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("not used up");
  }

  @Test
  void entriesThatAreNotUsedUpExactlyAreRefused() throws IOException {
    refused(
        p -> p.putShort(BLOCKS, (short) 1).putInt(LITERAL_LENGTH, 4096).putInt(STORED_LENGTH, 4096),
        "not used up");
    refused(p -> p.putInt(LITERAL_LENGTH, 4607).putInt(STORED_LENGTH, 4607), "not used up");
    refused(p -> p.putInt(LITERAL_LENGTH, 4609).putInt(STORED_LENGTH, 4609), "inside an entry");
  }

  @Test
  void aZeroHashIsRefused() throws IOException {
    refused(p -> p.put(HASH, new byte[16]), "zero hash for block 1");
    refused(p -> p.put(SECOND_GAP + 2, new byte[16]), "zero hash for block 4");
  }

  @Test
  void pageRunsThatAreNotTheShortestOrChangeNothingAreRefused() throws IOException {
    refused(p -> p.put(RUNS, (byte) (PageRuns.LITERAL << 6)), "neighbouring");
    refused(p -> p.put(RUNS + 1, (byte) (PageRuns.LITERAL << 6 | 1)), "1 pages left");
    refused(p -> p.put(SECOND_RUNS, (byte) (PageRuns.LITERAL << 6 | 1)), "1 pages left");
    refused(p -> p.put(SECOND_RUNS, (byte) 0), "change nothing");
  }

  /** Block 4, the 512 bytes at 32768, copied from {@code source}. */
  private ByteBuffer copy(long source) {
    return copy(4, new byte[] {PageRuns.COPY, 0}, source, 0);
  }

  private ByteBuffer copy(long block, byte[] ops, long... sources) {
    DeltaEncoder encoder = new DeltaEncoder(geometry, HashKind.FAST128, true);
    ByteBuffer hash = ByteBuffer.allocate(16).put(0, (byte) 1);
    encoder.add(block, hash, 0, ops, sources, ByteBuffer.allocate(0), 0);
    ByteBuffer out = LittleEndian.heap(DeltaEncoder.maxFrameLength());
    encoder.finish(out);
    return out.flip().position(FrameHeader.LENGTH).slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void aCopyFromBeyondTheVolumeOrFromItsOwnPlaceIsRefused() throws IOException {
    decode(copy(0));
    decode(copy(32_767));
    for (long source : new long[] {32_768, 32_769, 1L << 40, 1L << 60, -1, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> decode(copy(source)))
          .as("copy from %d", source)
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("Copy ");
    }
    byte[] second = {PageRuns.SAME, PageRuns.COPY};
    for (long source : new long[] {0, 8192, 12_287, 12_289, 29_184}) {
      decode(copy(1, second, 0, source));
    }
    for (long source : new long[] {12_288, 29_185}) {
      assertThatThrownBy(() -> decode(copy(1, second, 0, source)))
          .as("copy from %d", source)
          .isInstanceOf(FormatException.class)
          .hasMessage("Copy of offset " + source + " to 12288");
    }
  }

  @Test
  void aCopyIsRefusedWhereNothingMayBeCopied() throws IOException {
    DeltaDecoder inPlace = new DeltaDecoder(geometry, HashKind.FAST128, false);
    inPlace.reset(copy(0));
    assertThatThrownBy(inPlace::next)
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("nothing may be copied");
    inPlace.reset(payload(false));
    assertThat(inPlace.next()).isTrue();
  }

  @Test
  void aMalformedLz4BlockIsAnIntegrityFailure() throws IOException {
    decode(payload(true));
    ByteBuffer payload = payload(true);
    payload.put(STORED, (byte) 0xff);
    assertThatThrownBy(() -> decode(payload))
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.INTEGRITY));
    ByteBuffer shorter = payload(true);
    shorter.putInt(LITERAL_LENGTH, 4609);
    assertThatThrownBy(() -> decode(shorter))
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.INTEGRITY));
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    for (boolean compress : new boolean[] {false, true}) {
      ByteBuffer whole = payload(compress);
      for (int length = 0; length < whole.limit(); length++) {
        ByteBuffer cut = whole.duplicate().limit(length);
        assertThatThrownBy(() -> decode(cut)).isInstanceOfAny(FormatException.class, Failure.class);
      }
    }
  }

  @Test
  void afterARefusalNothingComesAndTheNextFrameIsReadAsIfNothingHadHappened() throws IOException {
    ByteBuffer bad = payload(false).putShort(BLOCKS, (short) 0);
    decoder.reset(payload(false));
    assertThatThrownBy(() -> decoder.reset(bad)).isInstanceOf(FormatException.class);
    assertThat(decoder.next()).isFalse();
    decoder.reset(payload(true));
    assertThat(decoder.next()).isTrue();
    assertThat(decoder.block()).isEqualTo(1);
    assertThat(decoder.literalsLength()).isEqualTo(4096);
    assertThat(decoder.literals().get(decoder.literalsAt())).isEqualTo((byte) 'x');
  }
}
