package snapferry.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import snapferry.codec.Crc32c;
import snapferry.codec.FormatException;
import snapferry.delta.HashKind;
import snapferry.delta.PageRuns;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.failure.Failure;

class DeltaCodecTest {
  private static final long SEED = 77;

  /** What was put in and must come out: as plain copies. */
  private record Block(
      long number, ByteBuffer ops, List<Long> sources, ByteBuffer hash, ByteBuffer literals) {}

  private static List<Long> copied(byte[] ops, long[] sources, int pages) {
    return IntStream.range(0, pages)
        .filter(page -> ops[page] == PageRuns.COPY)
        .mapToObj(page -> sources[page])
        .toList();
  }

  private static ByteBuffer copy(ByteBuffer bytes, int from, int length) {
    return ByteBuffer.allocate(length).put(bytes.slice(from, length)).flip();
  }

  @Test
  void whatWasAddedComesOut() throws IOException {
    Random random = new Random(SEED);
    for (int round = 0; round < 40; round++) {
      BlockSize blockSize = new BlockSize(4096 << random.nextInt(6));
      long size = (1 + random.nextInt(1000)) * 512L + random.nextLong(30) * blockSize.bytes();
      Geometry geometry = new Geometry(size, blockSize);
      HashKind hash = random.nextBoolean() ? HashKind.FAST128 : HashKind.SHA256;
      boolean compress = random.nextBoolean();
      DeltaEncoder encoder = new DeltaEncoder(geometry, hash, compress);
      DeltaDecoder decoder = new DeltaDecoder(geometry, hash, true);
      ByteBuffer out = ByteBuffer.allocateDirect(3 + DeltaEncoder.maxFrameLength());
      for (int frame = 0; frame < 3; frame++) {
        encoder.begin();
        List<Block> expected = fill(encoder, geometry, hash, random);
        out.clear().position(3);
        encoder.finish(out);
        assertThat(decode(decoder, hash, payload(out.flip().position(3))))
            .as("frame %d of round %d of seed %d", frame, round, SEED)
            .isEqualTo(expected);
      }
    }
  }

  private static List<Block> fill(
      DeltaEncoder encoder, Geometry geometry, HashKind hash, Random random) {
    List<Block> blocks = new ArrayList<>();
    long literalBytes = 0;
    for (long number = 0; number < geometry.blocks(); number++) {
      boolean last = number == geometry.blocks() - 1;
      if (random.nextInt(3) == 0 || (last && blocks.isEmpty())) {
        Block block = add(encoder, geometry, hash, number, random);
        literalBytes += block.literals.limit();
        blocks.add(block);
      }
    }
    assertThat(encoder.blocks()).isEqualTo(blocks.size());
    assertThat(encoder.literalBytes()).isEqualTo(literalBytes);
    return blocks;
  }

  private static Block add(
      DeltaEncoder encoder, Geometry geometry, HashKind hash, long number, Random random) {
    int pages = geometry.pages(number);
    byte[] ops = new byte[geometry.blockSize().pages()];
    for (int page = 0; page < pages; page++) {
      ops[page] =
          page > 0 && random.nextInt(3) > 0
              ? ops[page - 1]
              : (byte) random.nextInt(1 + PageRuns.COPY);
    }
    ops[random.nextInt(pages)] = random.nextBoolean() ? PageRuns.ZERO : PageRuns.LITERAL;
    long[] sources = new long[ops.length];
    for (int page = 0; page < pages; page++) {
      long own = geometry.offset(number) + page * 4096L;
      long last = geometry.size() - geometry.pageLength(number, page);
      sources[page] = last == 0 ? -1 : random.nextLong(last);
      if (sources[page] == own || sources[page] < 0) {
        ops[page] = PageRuns.ZERO;
      }
    }
    ByteBuffer source = ByteBuffer.allocateDirect(11 + geometry.length(number));
    int alphabet = random.nextBoolean() ? 2 : 256;
    while (source.hasRemaining()) {
      source.put((byte) random.nextInt(alphabet));
    }
    byte[] hashes = new byte[5 + hash.length()];
    random.nextBytes(hashes);
    ByteBuffer literals = ByteBuffer.allocate(source.limit());
    for (int page = 0; page < pages; page++) {
      if (ops[page] == PageRuns.LITERAL) {
        literals.put(source.slice(11 + page * 4096, geometry.pageLength(number, page)));
      }
    }
    assertThat(encoder.fits(number, literals.position())).isTrue();
    encoder.add(number, ByteBuffer.wrap(hashes), 5, ops, sources, source, 11);
    return new Block(
        number,
        copy(ByteBuffer.wrap(ops), 0, pages),
        copied(ops, sources, pages),
        copy(ByteBuffer.wrap(hashes), 5, hash.length()),
        literals.flip());
  }

  /**
   * The payload of the frame that lies between position and limit, after its header has been
   * checked.
   */
  private static ByteBuffer payload(ByteBuffer frame) throws IOException {
    FrameHeader header = FrameHeader.parse(frame);
    assertThat(header.type()).isEqualTo(FrameType.DELTA);
    assertThat(header.length()).isEqualTo(frame.remaining());
    header.requireIntact(frame, new Crc32c());
    return frame;
  }

  private static List<Block> decode(DeltaDecoder decoder, HashKind hash, ByteBuffer payload)
      throws IOException {
    List<Block> blocks = new ArrayList<>();
    decoder.reset(payload);
    while (decoder.next()) {
      blocks.add(
          new Block(
              decoder.block(),
              copy(ByteBuffer.wrap(decoder.ops()), 0, decoder.pages()),
              copied(decoder.ops(), decoder.sources(), decoder.pages()),
              copy(decoder.hash(), decoder.hashAt(), hash.length()),
              copy(decoder.literals(), decoder.literalsAt(), decoder.literalsLength())));
    }
    assertThat(decoder.next()).isFalse();
    return blocks;
  }

  @Test
  void framesThatWereFilledApartBecomeOne() throws IOException {
    Random random = new Random(SEED);
    for (int round = 0; round < 20; round++) {
      Geometry geometry = new Geometry(4096L * 70_000, new BlockSize(4096));
      DeltaEncoder whole = new DeltaEncoder(geometry, HashKind.FAST128, false);
      List<Block> expected = new ArrayList<>();
      long copied = 0;
      long block = random.nextInt(100);
      for (int part = 0; part < 3; part++) {
        DeltaEncoder some = new DeltaEncoder(geometry, HashKind.FAST128, false);
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
          expected.add(add(some, geometry, HashKind.FAST128, block, random));
          block += 1 + random.nextInt(200);
        }
        assertThat(whole.append(some)).isTrue();
        copied += some.copiedBytes();
        assertThat(whole.append(some)).as("it comes again").isFalse();
        block += round < 10 ? 0 : random.nextInt(30_000);
      }
      assertThat(whole.blocks()).isEqualTo(expected.size());
      assertThat(whole.copiedBytes()).isEqualTo(copied);
      ByteBuffer out = ByteBuffer.allocate(DeltaEncoder.maxFrameLength());
      whole.finish(out);
      DeltaDecoder decoder = new DeltaDecoder(geometry, HashKind.FAST128, true);
      assertThat(decode(decoder, HashKind.FAST128, payload(out.flip())))
          .as("round %d of seed %d", round, SEED)
          .isEqualTo(expected);
    }
  }

  @Test
  void framesThatAreTooMuchTogetherStayApart() {
    Geometry geometry = new Geometry(4096L * 200_000, new BlockSize(4096));
    DeltaEncoder first = new DeltaEncoder(geometry, HashKind.FAST128, false);
    addZeroPages(first, geometry, 10);
    for (long block : new long[] {65_547, 10, 9}) {
      DeltaEncoder next = new DeltaEncoder(geometry, HashKind.FAST128, false);
      addZeroPages(next, geometry, block);
      assertThat(first.append(next)).as("block %d", block).isFalse();
    }
    DeltaEncoder next = new DeltaEncoder(geometry, HashKind.FAST128, false);
    addZeroPages(next, geometry, 65_546);
    assertThat(first.append(next)).isTrue();
    DeltaEncoder many = new DeltaEncoder(geometry, HashKind.FAST128, false);
    for (long block = 65_547; many.blocks() < 1022; block++) {
      addZeroPages(many, geometry, block);
    }
    assertThat(first.append(many)).isTrue();
    DeltaEncoder more = new DeltaEncoder(geometry, HashKind.FAST128, false);
    addZeroPages(more, geometry, 66_600);
    assertThat(first.append(more)).as("1025 blocks").isFalse();
    assertThat(first.blocks()).isEqualTo(1024);
  }

  @Test
  void aFrameHoldsAtMost1024BlocksAndNoGapOver65535() throws IOException {
    Geometry geometry = new Geometry(4096L * 200_000, new BlockSize(4096));
    DeltaEncoder encoder = new DeltaEncoder(geometry, HashKind.FAST128, true);
    assertThat(encoder.isEmpty()).isTrue();
    assertThat(encoder.fits(199_999, 4096)).isTrue();
    addZeroPages(encoder, geometry, 10);
    assertThat(encoder.isEmpty()).isFalse();
    assertThat(encoder.fits(10, 0)).isFalse();
    assertThat(encoder.fits(9, 0)).isFalse();
    assertThat(encoder.fits(65_546, 0)).isTrue();
    assertThat(encoder.fits(65_547, 0)).isFalse();
    addZeroPages(encoder, geometry, 65_546);
    for (long block = 65_547; encoder.blocks() < 1024; block++) {
      addZeroPages(encoder, geometry, block);
    }
    assertThat(encoder.fits(70_000, 0)).isFalse();
    assertThatIllegalStateException().isThrownBy(() -> addZeroPages(encoder, geometry, 70_000));
    ByteBuffer out = ByteBuffer.allocate(DeltaEncoder.maxFrameLength());
    encoder.finish(out);
    List<Block> blocks =
        decode(
            new DeltaDecoder(geometry, HashKind.FAST128, true),
            HashKind.FAST128,
            payload(out.flip()));
    assertThat(blocks).hasSize(1024);
    assertThat(blocks.get(1).number()).isEqualTo(65_546);
    encoder.begin();
    assertThat(encoder.isEmpty()).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> encoder.finish(out));
  }

  private static void addZeroPages(DeltaEncoder encoder, Geometry geometry, long block) {
    byte[] ops = new byte[geometry.blockSize().pages()];
    Arrays.fill(ops, PageRuns.ZERO);
    encoder.add(
        block,
        ByteBuffer.allocate(32).put(0, (byte) 1),
        0,
        ops,
        PageRuns.NO_COPIES,
        ByteBuffer.allocate(0),
        0);
  }

  @Test
  void theLargestFrameStaysWithinTheLimitAndIsSentRaw() throws IOException {
    Geometry geometry = new Geometry(2000L << 20, new BlockSize(1 << 20));
    DeltaEncoder encoder = new DeltaEncoder(geometry, HashKind.SHA256, true);
    byte[] literals = new byte[1 << 20];
    new Random(SEED).nextBytes(literals);
    byte[] ops = new byte[256];
    ByteBuffer hash = ByteBuffer.allocate(32).put(0, (byte) 1);
    ByteBuffer source = ByteBuffer.wrap(literals);
    long block = 0;
    int page = 0;
    // Runs of one page each: the longest entries there are, and one literal page in each until no
    // more fit.
    for (; encoder.fits(block, page < 256 ? 4096 : 0); block++) {
      for (int i = 0; i < 256; i++) {
        ops[i] = (byte) (i % 2);
      }
      if (page < 256) {
        ops[page++] = PageRuns.LITERAL;
      }
      encoder.add(block, hash, 0, ops, PageRuns.NO_COPIES, source, 0);
      assertThat(page < 256 || !encoder.fits(block + 1, 1)).isTrue();
    }
    assertThat(encoder.literalBytes()).isEqualTo(1 << 20);
    ByteBuffer out = ByteBuffer.allocateDirect(DeltaEncoder.maxFrameLength());
    encoder.finish(out);
    assertThat(out.flip().limit())
        .isBetween(
            FrameType.DELTA.maxFrame() - PageRuns.maxLength(256) - 300, FrameType.DELTA.maxFrame());
    assertThat(out.get(FrameHeader.LENGTH + 10)).isEqualTo(DeltaFrame.RAW);
    List<Block> blocks =
        decode(new DeltaDecoder(geometry, HashKind.SHA256, true), HashKind.SHA256, payload(out));
    assertThat(blocks).hasSize((int) block);
  }

  @Test
  void garbledPayloadsWithARightChecksumNeverDoAnythingWorseThanFail() throws IOException {
    Random random = new Random(SEED);
    Geometry geometry = new Geometry(30 * 16384 + 512, new BlockSize(16384));
    DeltaEncoder encoder = new DeltaEncoder(geometry, HashKind.FAST128, true);
    fill(encoder, geometry, HashKind.FAST128, random);
    ByteBuffer out = ByteBuffer.allocateDirect(DeltaEncoder.maxFrameLength());
    encoder.finish(out);
    ByteBuffer payload = payload(out.flip());
    DeltaDecoder decoder = new DeltaDecoder(geometry, HashKind.FAST128, true);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      ByteBuffer garbled = ByteBuffer.allocateDirect(payload.remaining()).put(payload.duplicate());
      garbled.flip().order(ByteOrder.LITTLE_ENDIAN);
      int at = random.nextInt(i % 2 == 0 ? 400 : garbled.limit());
      garbled.put(at, (byte) random.nextInt(256));
      if (i % 10 == 0) {
        garbled.limit(random.nextInt(garbled.limit()));
      }
      try {
        decode(decoder, HashKind.FAST128, garbled);
      } catch (Failure | FormatException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(600);
  }
}
