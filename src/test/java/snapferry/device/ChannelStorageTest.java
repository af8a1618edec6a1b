package snapferry.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ChannelStorageTest {
  private static final int BLOCK = 64 << 10;

  @Test
  void theFirstUnreadableSectorIsNamed() {
    FaultyChannel channel = new FaultyChannel(1 << 20, 1000 * 512 + 17, Integer.MAX_VALUE);
    ChannelStorage storage = new ChannelStorage("/dev/bad", channel);
    assertThatThrownBy(() -> storage.read(983 * 512 + 100, ByteBuffer.allocate(BLOCK)))
        .isInstanceOf(IOException.class)
        .hasMessage("/dev/bad: cannot read LBA 1000 (byte offset 512000): Input/output error");
    assertThat(channel.failures()).as("each costs seconds on a dying disk").isEqualTo(2);
  }

  @Test
  void whatWasReadBeforeTheErrorIsNotTriedAgain() {
    FaultyChannel channel = new FaultyChannel(1 << 20, 100 * 512, 4096);
    ChannelStorage storage = new ChannelStorage("/dev/bad", channel);
    assertThatThrownBy(() -> storage.read(0, ByteBuffer.allocate(BLOCK)))
        .hasMessageContaining("LBA 100 (byte offset 51200)");
  }

  @Test
  void theSearchForTheSectorIsBounded() {
    FaultyChannel channel = new FaultyChannel(1 << 24, (1 << 24) - 1, Integer.MAX_VALUE);
    ChannelStorage storage = new ChannelStorage("/dev/bad", channel);
    assertThatThrownBy(() -> storage.read(512, ByteBuffer.allocate((1 << 24) - 512)))
        .hasMessage(
            "/dev/bad: cannot read bytes [512, 16777216) from LBA 1 on: Input/output error");
  }

  @Test
  void shortReadsAreContinued() throws IOException {
    ChannelStorage storage = new ChannelStorage("/dev/slow", new FaultyChannel(BLOCK, -1, 100));
    ByteBuffer buffer = ByteBuffer.allocate(BLOCK);
    storage.read(0, buffer);
    assertThat(buffer.hasRemaining()).isFalse();
  }

  @Test
  void failedWritesAndSyncsNameTheStorage() {
    ChannelStorage storage = new ChannelStorage("/dev/bad", new FaultyChannel(BLOCK, -1, 100));
    assertThatThrownBy(() -> storage.write(512, ByteBuffer.allocate(10)))
        .hasMessage("/dev/bad: cannot write 10 bytes at offset 512: Input/output error");
    assertThatThrownBy(storage::sync)
        .hasMessage("/dev/bad: cannot make writes durable: Input/output error");
  }
}
