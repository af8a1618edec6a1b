package snapferry.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import snapferry.codec.Crc32c;
import snapferry.codec.FormatException;

class SignatureHeaderTest {
  private static final SignatureShape SHAPE = Volume.shape(12_800, 4096, HashKind.FAST128);

  @Test
  void everyShapeIsReadBackAsItWasWritten() throws IOException {
    for (int blockSize = 4096; blockSize <= 1 << 20; blockSize *= 2) {
      for (HashKind hash : HashKind.values()) {
        SignatureShape shape = Volume.shape(3_000_320, blockSize, hash);
        MemoryStorage storage = new MemoryStorage();
        Signature.create(storage, shape);
        assertThat(Signature.open(storage).shape()).isEqualTo(shape);
      }
    }
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    MemoryStorage storage = new MemoryStorage();
    Signature.create(storage, SHAPE);
    for (long size = storage.size() - 1; size >= 0; size--) {
      storage.resize(size);
      assertRefused(storage, "truncated to " + size);
    }
  }

  @Test
  void aFileThatIsTooLongIsRefused() throws IOException {
    MemoryStorage storage = new MemoryStorage();
    Signature.create(storage, SHAPE);
    storage.resize(storage.size() + 1);
    assertRefused(storage, "too long");
  }

  @Test
  void everyChangedByteOfTheHeaderIsRefused() throws IOException {
    SplittableRandom random = new SplittableRandom(13);
    MemoryStorage storage = new MemoryStorage();
    Signature.create(storage, SHAPE);
    byte[] header = Volume.content(storage);
    for (int at = 0; at < SignatureHeader.LENGTH; at++) {
      byte good = header[at];
      storage.write(at, ByteBuffer.wrap(new byte[] {(byte) (good + random.nextInt(1, 256))}));
      assertRefused(storage, "seed 13, garbled at " + at);
      storage.write(at, ByteBuffer.wrap(new byte[] {good}));
    }
    assertThat(Signature.open(storage).shape()).isEqualTo(SHAPE);
  }

  @Test
  void fieldsOutOfTheirBoundsAreRefusedUnderARightCrc() {
    assertFieldRefused("version 2", header().putShort(8, (short) 2));
    assertFieldRefused("no hash of kind 0", header().put(10, (byte) 0));
    assertFieldRefused("no hash of kind 3", header().put(10, (byte) 3));
    assertFieldRefused("zeros are not", header().put(11, (byte) 1));
    assertFieldRefused("zeros are not", header().put(4095, (byte) 1));
    assertFieldRefused("blocks of 2048 bytes", header().putInt(12, 2048));
    assertFieldRefused("blocks of 5000 bytes", header().putInt(12, 5000));
    assertFieldRefused("blocks of 2097152 bytes", header().putInt(12, 1 << 21));
    assertFieldRefused("volume of 0 bytes", header().putLong(16, 0));
    assertFieldRefused("volume of 513 bytes", header().putLong(16, 513));
    assertFieldRefused("volume of -512 bytes", header().putLong(16, -512));
    assertFieldRefused("volume of", header().putLong(16, (1L << 60) + 512));
  }

  private static ByteBuffer header() {
    return SignatureHeader.encode(SHAPE);
  }

  private static void assertFieldRefused(String why, ByteBuffer header) {
    header.putInt(40, Crc32c.of(header, 0, 40));
    assertThatThrownBy(() -> SignatureHeader.decode(header))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(why);
  }

  private static void assertRefused(MemoryStorage storage, String what) {
    assertThatThrownBy(() -> Signature.open(storage)).as(what).isInstanceOf(FormatException.class);
  }
}
