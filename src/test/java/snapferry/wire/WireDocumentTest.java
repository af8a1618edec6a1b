package snapferry.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import snapferry.codec.LittleEndian;
import snapferry.delta.HashKind;
import snapferry.delta.PageRuns;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;

/** The worked examples of {@code wire.md} are what the code writes and what it reads. */
class WireDocumentTest {
  private static final Path DOCUMENT = Path.of("src/site/markdown/wire.md");
  private static final Pattern EXAMPLE = Pattern.compile("```hex (.+)\n([^`]+)```");

  /** The volume of the examples: blocks of two pages, the third and last with 512 bytes. */
  private static final SignatureShape SHAPE =
      new SignatureShape(
          new Geometry(16_896, new BlockSize(8192)),
          HashKind.FAST128,
          new SignatureShape.Key(0x0706050403020100L, 0x0f0e0d0c0b0a0908L));

  private static final UUID VOLUME = UUID.fromString("6f1c1f0e-2f4b-4b59-9d5a-0d4a3c8f7b11");
  private static final UUID STANDBY = UUID.fromString("0b9f6a51-7c0e-4f0e-8f43-3a4a1c1c2d10");
  private static final long TIME = 1_795_376_700_000L;

  private final Map<String, byte[]> examples = examples();

  private static Map<String, byte[]> examples() {
    try {
      Map<String, byte[]> examples = new LinkedHashMap<>();
      Matcher matcher = EXAMPLE.matcher(Files.readString(DOCUMENT));
      while (matcher.find()) {
        String hex =
            matcher
                .group(2)
                .lines()
                .map(line -> line.replaceAll("#.*", ""))
                .collect(Collectors.joining());
        byte[] bytes = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        assertThat(examples.put(matcher.group(1), bytes)).isNull();
      }
      return examples;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ByteBuffer filled(int value, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return ByteBuffer.wrap(bytes);
  }

  private static RootHash root(int value) {
    return RootHash.read(filled(value, RootHash.LENGTH));
  }

  private static Map<String, Message> messages() {
    State.Lineage lineage = new State.Lineage(VOLUME, STANDBY, 11, root(0x11), SHAPE, TIME, true);
    Map<String, Message> messages = new LinkedHashMap<>();
    messages.put(
        "HELLO of a client",
        new Hello(1, 1, Role.SENDER, Purpose.REPLICATE, 30, "vol0", "snapferry 0.1.0"));
    messages.put(
        "HELLO of a server",
        new Hello(1, 2, Role.RECEIVER, Purpose.VERIFY, 60, "", "snapferry 0.2.0"));
    messages.put(
        "STATE of a standby",
        new State(Presence.STANDING, false, false, 512, 16_896, Wishes.NONE, lineage));
    Wishes wishes = new Wishes(true, false, true, false, HashKind.FAST128, new BlockSize(65_536));
    messages.put(
        "STATE of a damaged device",
        new State(Presence.BARE, true, true, 4096, 1 << 20, wishes, null));
    messages.put(
        "PLAN",
        new Plan(
            Purpose.REPLICATE,
            Basis.CACHED,
            false,
            true,
            SHAPE,
            12,
            TIME + 300_000,
            11,
            root(0x11),
            VOLUME,
            STANDBY,
            "vol0.img",
            "scan"));
    messages.put("ZERO_SIGNATURE", new ZeroSignature(0, 2));
    messages.put("ZERO", new Zero(2, 1));
    messages.put("END", new End(root(0x22), 2, 3, 1, 4608, 4096, 16_896));
    messages.put("RESEND", new Resend(List.of(0L, 2L)));
    messages.put("ACK", new Ack(12, root(0x22), 16_384, 5120, 8704));
    messages.put("HEARTBEAT", new Heartbeat());
    messages.put("ERROR", new ErrorMessage(ExitCode.BUSY, "/dev/sdb1 is mounted"));
    messages.put("NOTE", new Note("patrol: 1 block repaired"));
    messages.put("PATROL", new Patrol(2_592_000));
    messages.put("PATROLLED", new Patrolled(131_072, 1, 1_296_000, 93));
    messages.put("ASK", new Ask(1, List.of(0L)));
    messages.put(
        "NODES",
        new Nodes(
            LittleEndian.heap(48)
                .put(filled(0, 16))
                .put(filled(0x66, 16))
                .put(filled(0x77, 16))
                .flip()));
    return messages;
  }

  private byte[] example(String name) {
    return Objects.requireNonNull(examples.get(name), name);
  }

  private Frame read(String name) throws IOException {
    BufferPool pool = new BufferPool(1, FrameType.DELTA.maxPayload());
    ByteArrayInputStream stream = new ByteArrayInputStream(example(name));
    Frame frame = new FrameReader(Channels.newChannel(stream), pool).next();
    assertThat(stream.available()).isZero();
    return Objects.requireNonNull(frame);
  }

  @Test
  void everyExampleIsKnownHere() {
    Set<String> others =
        Set.of("preface", "SIGNATURE", "DELTA, raw", "DELTA, LZ4", "DELTA, copies");
    Set<String> known =
        Stream.concat(messages().keySet().stream(), others.stream()).collect(Collectors.toSet());
    assertThat(examples.keySet()).isEqualTo(known);
  }

  @Test
  void thePrefaceIsWritten() {
    ByteBuffer preface = ByteBuffer.allocate(Preface.LENGTH);
    Preface.write(preface);
    assertThat(preface.array()).isEqualTo(example("preface"));
  }

  @Test
  void messagesAreWritten() {
    messages()
        .forEach(
            (name, message) ->
                assertThat(Samples.bytes(Samples.frame(message)))
                    .as(name)
                    .isEqualTo(example(name)));
  }

  @Test
  void messagesAreRead() throws IOException {
    for (Map.Entry<String, Message> each : messages().entrySet()) {
      assertThat(read(each.getKey()).message()).isEqualTo(each.getValue());
    }
  }

  private static DeltaEncoder encoder(boolean compress) {
    return new DeltaEncoder(SHAPE.geometry(), SHAPE.hash(), compress);
  }

  private static byte[] finish(DeltaEncoder encoder) {
    ByteBuffer out = ByteBuffer.allocate(DeltaEncoder.maxFrameLength());
    encoder.finish(out);
    return Samples.bytes(out.flip());
  }

  @Test
  void aRawDeltaIsWrittenAndRead() throws IOException {
    DeltaEncoder encoder = encoder(false);
    byte[] ops = {PageRuns.ZERO, PageRuns.SAME};
    encoder.add(1, filled(0x33, 16), 0, ops, PageRuns.NO_COPIES, filled(0, 8192), 0);
    assertThat(finish(encoder)).isEqualTo(example("DELTA, raw"));

    DeltaDecoder decoder = decoder("DELTA, raw");
    assertNext(decoder, 1, 0x33, ops);
    assertThat(decoder.literalsLength()).isZero();
    assertThat(decoder.next()).isFalse();
  }

  @Test
  void aCompressedDeltaIsWrittenAndRead() throws IOException {
    DeltaEncoder encoder = encoder(true);
    byte[] first = {PageRuns.SAME, PageRuns.LITERAL};
    byte[] last = {PageRuns.LITERAL};
    encoder.add(0, filled(0x44, 16), 0, first, PageRuns.NO_COPIES, filled('A', 8192), 0);
    encoder.add(2, filled(0x55, 16), 0, last, PageRuns.NO_COPIES, filled('B', 512), 0);
    assertThat(finish(encoder)).isEqualTo(example("DELTA, LZ4"));

    DeltaDecoder decoder = decoder("DELTA, LZ4");
    assertNext(decoder, 0, 0x44, first);
    assertThat(literals(decoder)).isEqualTo(filled('A', 4096));
    assertNext(decoder, 2, 0x55, last);
    assertThat(literals(decoder)).isEqualTo(filled('B', 512));
    assertThat(decoder.next()).isFalse();
  }

  @Test
  void copiesAreWrittenAndRead() throws IOException {
    DeltaEncoder encoder = encoder(true);
    byte[] ops = {PageRuns.COPY, PageRuns.COPY};
    encoder.add(0, filled(0x66, 16), 0, ops, new long[] {4608, 8704}, filled(0, 0), 0);
    encoder.add(1, filled(0x77, 16), 0, ops, new long[] {100, 0}, filled(0, 0), 0);
    assertThat(encoder.copiedBytes()).isEqualTo(16_384);
    assertThat(finish(encoder)).isEqualTo(example("DELTA, copies"));

    DeltaDecoder decoder = decoder("DELTA, copies");
    assertNext(decoder, 0, 0x66, ops);
    assertThat(decoder.sources()).containsExactly(4608, 8704);
    assertNext(decoder, 1, 0x77, ops);
    assertThat(decoder.sources()).containsExactly(100, 0);
    assertThat(decoder.copiedLength()).isEqualTo(8192);
    assertThat(decoder.next()).isFalse();
  }

  private DeltaDecoder decoder(String name) throws IOException {
    DeltaDecoder decoder = new DeltaDecoder(SHAPE.geometry(), SHAPE.hash(), true);
    decoder.reset(read(name).payload());
    return decoder;
  }

  private static void assertNext(DeltaDecoder decoder, long block, int hash, byte[] ops)
      throws IOException {
    assertThat(decoder.next()).isTrue();
    assertThat(decoder.block()).isEqualTo(block);
    assertThat(decoder.hash().slice(decoder.hashAt(), 16)).isEqualTo(filled(hash, 16));
    assertThat(Arrays.copyOf(decoder.ops(), decoder.pages())).isEqualTo(ops);
  }

  private static ByteBuffer literals(DeltaDecoder decoder) {
    return decoder.literals().slice(decoder.literalsAt(), decoder.literalsLength());
  }

  @Test
  void aSignatureIsWrittenAndRead() throws IOException {
    ByteBuffer whole = filled(0x66, 40);
    ByteBuffer last = filled(0x77, 28);
    SignatureEncoder encoder = new SignatureEncoder(SHAPE);
    encoder.add(1, whole, 0);
    encoder.add(2, last, 0);
    ByteBuffer out = ByteBuffer.allocate(encoder.maxFrameLength());
    encoder.finish(out);
    assertThat(Samples.bytes(out.flip())).isEqualTo(example("SIGNATURE"));

    SignatureDecoder decoder = new SignatureDecoder(SHAPE);
    decoder.reset(read("SIGNATURE").payload());
    assertThat(decoder.next()).isTrue();
    assertThat(decoder.block()).isEqualTo(1);
    assertThat(decoder.entries().slice(decoder.entryAt(), 40)).isEqualTo(whole);
    assertThat(decoder.next()).isTrue();
    assertThat(decoder.block()).isEqualTo(2);
    assertThat(decoder.entries().slice(decoder.entryAt(), 28)).isEqualTo(last);
    assertThat(decoder.next()).isFalse();
  }
}
