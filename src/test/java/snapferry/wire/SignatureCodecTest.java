package snapferry.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import snapferry.codec.Crc32c;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.delta.HashKind;
import snapferry.delta.SignatureShape;
import snapferry.delta.Zeros;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;

class SignatureCodecTest {
  private static final long SEED = 5;
  private static final int COUNT = 8;
  private static final int ENTRY = 40;

  private final Random random = new Random(SEED);

  private ByteBuffer entry(SignatureShape shape, int at) {
    byte[] bytes = new byte[at + shape.entryLength()];
    random.nextBytes(bytes);
    bytes[at] = 1;
    return ByteBuffer.wrap(bytes);
  }

  private static ByteBuffer payload(SignatureEncoder encoder) throws IOException {
    ByteBuffer out = LittleEndian.heap(encoder.maxFrameLength());
    encoder.finish(out);
    FrameHeader header = FrameHeader.parse(out.flip());
    assertThat(header.type()).isEqualTo(FrameType.SIGNATURE);
    header.requireIntact(out, new Crc32c());
    return out;
  }

  @Test
  void whatWasAddedComesOutAndPlacesWithoutAPageAreZero() throws IOException {
    for (int round = 0; round < 20; round++) {
      SignatureShape shape = new Samples(random).shape();
      Geometry geometry = shape.geometry();
      SignatureEncoder encoder = new SignatureEncoder(shape);
      SignatureDecoder decoder = new SignatureDecoder(shape);
      long first = round % 2 == 0 ? 0 : Math.max(0, geometry.blocks() - 5);
      ByteBuffer[] entries = new ByteBuffer[(int) Math.min(5, geometry.blocks() - first)];
      encoder.begin();
      for (int i = 0; i < entries.length; i++) {
        entries[i] = entry(shape, 9);
        assertThat(encoder.fits(first + i)).isTrue();
        encoder.add(first + i, entries[i], 9);
      }
      decoder.reset(payload(encoder));
      for (int i = 0; i < entries.length; i++) {
        assertThat(decoder.next()).isTrue();
        assertThat(decoder.block()).isEqualTo(first + i);
        int used = shape.hash().length() + geometry.pages(first + i) * 12;
        ByteBuffer got = decoder.entries().slice(decoder.entryAt(), shape.entryLength());
        assertThat(got.slice(0, used))
            .as("entry %d of round %d of seed %d", i, round, SEED)
            .isEqualTo(entries[i].slice(9, used));
        assertThat(Zeros.isZero(got, used, got.limit() - used)).isTrue();
      }
      assertThat(decoder.next()).isFalse();
    }
  }

  @Test
  void aFrameTakesConsecutiveBlocksUntilItIsFull() throws IOException {
    for (HashKind hash : HashKind.values()) {
      for (int size = BlockSize.PAGE; size <= BlockSize.MAX; size *= 2) {
        Geometry geometry = new Geometry(20_000L * size, new BlockSize(size));
        SignatureShape shape = new SignatureShape(geometry, hash, new SignatureShape.Key(1, 2));
        SignatureEncoder encoder = new SignatureEncoder(shape);
        ByteBuffer entry = entry(shape, 0);
        assertThat(encoder.isEmpty()).isTrue();
        long block = 7;
        for (; encoder.fits(block); block++) {
          encoder.add(block, entry, 0);
          assertThat(encoder.fits(block) || encoder.fits(block + 2)).isFalse();
        }
        assertThat(encoder.blocks()).isEqualTo(block - 7);
        long next = block;
        assertThatIllegalStateException().isThrownBy(() -> encoder.add(next, entry, 0));
        int length = payload(encoder).remaining();
        assertThat(length)
            .isLessThanOrEqualTo(FrameType.SIGNATURE.maxPayload())
            .isGreaterThan(FrameType.SIGNATURE.maxPayload() - shape.entryLength());
        encoder.begin();
        assertThat(encoder.isEmpty()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> payload(encoder));
      }
    }
  }

  /** Three blocks of two pages, the last with one; the frame holds the last two. */
  private static final SignatureShape SMALL =
      new SignatureShape(
          new Geometry(2 * 8192 + 512, new BlockSize(8192)),
          HashKind.FAST128,
          new SignatureShape.Key(1, 2));

  private ByteBuffer small() throws IOException {
    SignatureEncoder encoder = new SignatureEncoder(SMALL);
    encoder.add(1, entry(SMALL, 0), 0);
    encoder.add(2, entry(SMALL, 0), 0);
    ByteBuffer payload = payload(encoder);
    return LittleEndian.heap(payload.remaining()).put(payload).flip();
  }

  private static void decode(ByteBuffer payload) throws IOException {
    SignatureDecoder decoder = new SignatureDecoder(SMALL);
    decoder.reset(payload);
    while (decoder.next()) {
      assertThat(decoder.block()).isBetween(1L, 2L);
    }
  }

  private void refused(Consumer<ByteBuffer> change, String what) throws IOException {
    ByteBuffer payload = small();
    decode(payload);
    change.accept(payload);
    assertThatThrownBy(() -> decode(payload))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(what);
  }

  @Test
  void whatNoEncoderEmitsIsRefused() throws IOException {
    refused(p -> p.putLong(0, 2), "2 blocks from 2 on");
    refused(p -> p.putLong(0, -1), "from 18446744073709551615 on");
    refused(p -> p.putLong(0, Long.MAX_VALUE), "2 blocks from 9223372036854775807 on");
    refused(p -> p.putInt(COUNT, 0).limit(16), "0 entries");
    refused(p -> p.putInt(COUNT, 1), "1 entries in 80 bytes");
    refused(p -> p.putInt(COUNT, 3), "3 entries in 80 bytes");
    refused(p -> p.putInt(COUNT, -1), "4294967295 entries");
    refused(p -> p.putInt(COUNT + 4, 1), "reserved");
    refused(p -> p.put(16, new byte[16]), "zero hash for block 1");
    refused(p -> p.put(16 + ENTRY, new byte[16]), "zero hash for block 2");
    refused(p -> p.put(16 + 2 * ENTRY - 1, (byte) 1), "beyond the end of block 2");
    for (int length = 0; length < 16 + 2 * ENTRY; length++) {
      int cut = length;
      refused(p -> p.limit(cut), "SIGNATURE frame of");
    }
  }
}
