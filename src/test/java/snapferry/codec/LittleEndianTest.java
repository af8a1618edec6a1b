package snapferry.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LittleEndianTest {
  @Test
  void everyBufferHasTheByteOrderOfTheFormats() {
    ByteBuffer bytes = ByteBuffer.allocate(10).position(4);
    assertThat(
            new ByteBuffer[] {
              LittleEndian.direct(1),
              LittleEndian.heap(1),
              LittleEndian.wrap(new byte[1]),
              LittleEndian.duplicate(bytes),
              LittleEndian.slice(bytes, 2, 3)
            })
        .extracting(ByteBuffer::order)
        .containsOnly(ByteOrder.LITTLE_ENDIAN);
    assertThat(LittleEndian.duplicate(bytes).position()).isEqualTo(4);
    assertThat(LittleEndian.slice(bytes, 2, 3).remaining()).isEqualTo(3);
  }

  @Test
  void aMagicIsReadableInAFile() {
    ByteBuffer file = LittleEndian.heap(8).putLong(LittleEndian.magic("SNAPFSIG"));
    assertThat(new String(file.array(), StandardCharsets.US_ASCII)).isEqualTo("SNAPFSIG");
  }

  @Test
  void aUuidIsWrittenAsItIsSpelled() {
    UUID uuid = UUID.fromString("6f1c1f0e-2f4b-4b59-9d5a-0d4a3c8f7b11");
    ByteBuffer bytes = LittleEndian.heap(16);
    UuidBytes.write(uuid, bytes);
    assertThat(bytes.array()).startsWith(0x6f, 0x1c, 0x1f, 0x0e).endsWith(0x8f, 0x7b, 0x11);
    assertThat(UuidBytes.read(bytes.flip())).isEqualTo(uuid);
  }
}
