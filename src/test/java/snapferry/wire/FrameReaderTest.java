package snapferry.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import snapferry.codec.Crc32c;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;

@Timeout(60)
class FrameReaderTest {
  private static final long SEED = 13;

  private final BufferPool pool = new BufferPool(1, FrameType.DELTA.maxPayload());
  private final List<Message> messages = messages();

  /** One message of each type, the largest ones there are, and small ones again. */
  private static List<Message> messages() {
    Samples samples = new Samples(new Random(SEED));
    List<Message> messages = new ArrayList<>();
    for (FrameType type : FrameType.values()) {
      messages.add(samples.message(type));
    }
    messages.add(new DeltaFrame(ByteBuffer.allocate(FrameType.DELTA.maxPayload())));
    messages.add(new SignatureFrame(ByteBuffer.allocate(FrameType.SIGNATURE.maxPayload())));
    messages.add(new Zero(3, 4));
    return messages;
  }

  private static byte[] stream(List<Message> messages) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    ByteBuffer preface = ByteBuffer.allocate(Preface.LENGTH);
    Preface.write(preface);
    stream.writeBytes(preface.array());
    for (Message message : messages) {
      stream.writeBytes(Samples.bytes(Samples.frame(message)));
    }
    return stream.toByteArray();
  }

  /** Everything that {@code channel} says, until its end. */
  private List<Message> read(ReadableByteChannel channel) throws IOException {
    FrameReader reader = new FrameReader(channel, pool);
    reader.preface();
    List<Message> read = new ArrayList<>();
    for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
      switch (frame.type()) {
        case DELTA -> {
          read.add(new DeltaFrame(copy(frame.payload())));
          pool.give(frame.payload());
        }
        case SIGNATURE -> read.add(new SignatureFrame(copy(frame.payload())));
        default -> read.add(frame.message());
      }
    }
    return read;
  }

  private List<Message> read(byte[] stream) throws IOException {
    return read(Channels.newChannel(new ByteArrayInputStream(stream)));
  }

  private static ByteBuffer copy(ByteBuffer bytes) {
    return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
  }

  @Test
  void aStreamIsReadAsItWasWritten() throws IOException {
    assertThat(read(stream(messages))).isEqualTo(messages);
  }

  @Test
  void aStreamThatComesInSmallPiecesIsReadAsItWasWritten() throws IOException {
    byte[] stream = stream(messages.subList(0, FrameType.values().length));
    for (int piece = 1; piece < 20; piece++) {
      assertThat(read(new Pieces(stream, piece)))
          .isEqualTo(messages.subList(0, FrameType.values().length));
    }
  }

  @Test
  void everyTruncationBetweenFramesIsAnEndAndEveryOtherATransportFailure() throws IOException {
    List<Message> some = messages.subList(0, FrameType.values().length);
    byte[] stream = stream(some);
    List<Integer> ends = new ArrayList<>();
    for (int count = 0; count <= some.size(); count++) {
      ends.add(stream(some.subList(0, count)).length);
    }
    for (int length = 0; length <= stream.length; length++) {
      byte[] cut = Arrays.copyOf(stream, length);
      if (ends.contains(length)) {
        assertThat(read(cut)).isEqualTo(some.subList(0, ends.indexOf(length)));
      } else {
        assertThatThrownBy(() -> read(cut))
            .as("cut at %d", length)
            .isInstanceOfSatisfying(
                Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.TRANSPORT));
      }
      assertThat(pool.take()).as("a buffer lost at %d", length).satisfies(pool::give);
    }
  }

  @Test
  void everyFlippedByteIsCaught() {
    List<Message> some = messages.subList(0, FrameType.values().length);
    byte[] stream = stream(some);
    Random random = new Random(SEED);
    for (int i = 0; i < 3000; i++) {
      int at = i < 200 ? i : random.nextInt(stream.length);
      byte flip = (byte) (1 + random.nextInt(255));
      byte[] garbled = stream.clone();
      garbled[at] ^= flip;
      assertThatThrownBy(() -> read(garbled))
          .as("byte %d xor %d, garbling %d of seed %d", at, flip, i, SEED)
          .isInstanceOfAny(Failure.class, FormatException.class);
    }
  }

  @Test
  void aDamagedPayloadIsAnIntegrityFailureAndItsBufferGoesBack() throws IOException {
    for (Message message : List.of(new DeltaFrame(ByteBuffer.allocate(300)), new Zero(1, 1))) {
      byte[] stream = stream(List.of(message));
      stream[stream.length - 1] ^= 1;
      assertThatThrownBy(() -> read(stream))
          .hasMessageContaining(message.type() + " frame was damaged")
          .isInstanceOfSatisfying(
              Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.INTEGRITY));
      pool.give(pool.take());
    }
  }

  @Test
  void aHeaderIsRefusedBeforeAnythingIsAllocatedForIt() {
    BufferPool closed = new BufferPool(1, FrameType.DELTA.maxPayload());
    closed.close(); // so that asking it for a buffer would show
    for (FrameType type : FrameType.values()) {
      assertHeaderRefused(closed, type.code(), type.maxPayload() + 1, type + " frame of");
      assertHeaderRefused(closed, type.code(), -1, type + " frame of 4294967295 bytes");
      assertHeaderRefused(closed, type.code() | 0x100, 0, "reserved");
      assertHeaderRefused(closed, type.code() | 0x1000000, 0, "reserved");
    }
    assertHeaderRefused(closed, FrameType.STATE.code(), State.LENGTH - 1, "STATE frame of 159");
    assertHeaderRefused(closed, 0, 0, "unknown type 0");
    assertHeaderRefused(closed, 18, 0, "unknown type 18");
    assertHeaderRefused(closed, 255, 0, "unknown type 255");
  }

  private static void assertHeaderRefused(BufferPool pool, int type, int length, String what) {
    ByteBuffer header = LittleEndian.heap(FrameHeader.LENGTH).putInt(type).putInt(length);
    header.putInt(Crc32c.of(header, 0, 8));
    FrameReader reader =
        new FrameReader(
            Channels.newChannel(new ByteArrayInputStream(Samples.bytes(header.flip()))), pool);
    assertThatThrownBy(reader::next).isInstanceOf(FormatException.class).hasMessageContaining(what);
  }

  @Test
  void aTalkativeShellIsQuotedAndAskedToBeSilent() {
    assertThatThrownBy(() -> read("\r\n \nWelcome to \33[31mhost\7\nmore\n".getBytes(UTF_8)))
        .hasMessageContaining("\"Welcome to \\u001b[31mhost\\u0007\"")
        .hasMessageContaining("must be silent")
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.TRANSPORT));
    assertThatThrownBy(() -> read("hi".getBytes(UTF_8))).hasMessageContaining("\"hi\"");
    assertThatThrownBy(() -> read("\n\n".getBytes(UTF_8))).hasMessageContaining("\"\\n\\n\"");
    assertThatThrownBy(() -> read("SNAPFRY2".getBytes(UTF_8))).hasMessageContaining("SNAPFRY2");
  }

  @Test
  void aShellThatSaysVeryMuchIsQuotedShortly() {
    for (String much :
        List.of("x".repeat(1_000_000), "\1".repeat(1000), "\ud83d\udea2".repeat(500))) {
      assertThatThrownBy(() -> read(much.getBytes(UTF_8)))
          .satisfies(e -> assertThat(e.getMessage()).hasSizeBetween(200, 400));
    }
  }

  @Test
  void aCommandThatEndsAtOnceIsSaidToHaveEnded() {
    assertThatThrownBy(() -> read(new byte[0]))
        .hasMessage("the remote command ended without a word");
    assertThatThrownBy(() -> read("SNAP".getBytes(UTF_8)))
        .hasMessage("the remote command ended inside its first word");
  }

  @Test
  void aChannelThatFailsIsATransportFailure() throws IOException {
    ReadableByteChannel closed = Channels.newChannel(new ByteArrayInputStream(new byte[9]));
    closed.close();
    FrameReader reader = new FrameReader(closed, pool);
    assertThatThrownBy(reader::next)
        .isInstanceOfSatisfying(
            Failure.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.TRANSPORT));
  }

  @Test
  void aPoolOfBuffersThatAreTooSmallIsRefused() {
    BufferPool small = new BufferPool(1, FrameType.DELTA.maxPayload() - 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FrameReader(new Pieces(new byte[0], 1), small));
  }

  /** A channel that gives at most {@code piece} bytes at a time. */
  private static final class Pieces implements ReadableByteChannel {
    private final ByteBuffer left;
    private final int piece;

    Pieces(byte[] bytes, int piece) {
      left = ByteBuffer.wrap(bytes);
      this.piece = piece;
    }

    @Override
    public int read(ByteBuffer into) {
      int length = Math.min(piece, Math.min(left.remaining(), into.remaining()));
      into.put(left.slice(left.position(), length));
      left.position(left.position() + length);
      return length == 0 ? -1 : length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
