package snapferry.wire;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import snapferry.codec.LittleEndian;
import snapferry.delta.HashKind;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;

/** Random messages, all that a conversation may hold, from a seed. */
final class Samples {
  /** 9999-12-31T23:59:59.999Z. */
  static final long MAX_TIME = 253_402_300_799_999L;

  private static final String NAME =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  private static final List<ExitCode> ERRORS =
      List.of(ExitCode.FAILED, ExitCode.LOCKED, ExitCode.PROTOCOL, ExitCode.INTERRUPTED);

  private final Random random;

  Samples(Random random) {
    this.random = random;
  }

  /** What is left of {@code buffer}. */
  static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /** The bytes of a frame, ready to be read. */
  static ByteBuffer frame(Message message) {
    ByteBuffer out = LittleEndian.heap(message.type().maxFrame());
    Frames.encode(message, out);
    return out.flip();
  }

  /** The bytes of a message's payload, ready to be read or changed. */
  static ByteBuffer payload(Message message) {
    ByteBuffer frame = frame(message);
    return LittleEndian.slice(frame, FrameHeader.LENGTH, frame.limit() - FrameHeader.LENGTH);
  }

  Message message(FrameType type) {
    return switch (type) {
      case HELLO -> hello();
      case STATE -> state();
      case PLAN -> plan();
      case SIGNATURE -> new SignatureFrame(bytes(SignatureFrame.FIXED, 300));
      case ZERO_SIGNATURE -> new ZeroSignature(blocks(), 1 + blocks());
      case DELTA -> new DeltaFrame(bytes(DeltaFrame.FIXED, 300));
      case ZERO -> new Zero(blocks(), 1 + blocks());
      case END -> new End(root(), count(), count(), count(), count(), count(), count());
      case RESEND -> resend();
      case ACK -> new Ack(count(), root(), count(), count(), count());
      case HEARTBEAT -> new Heartbeat();
      case ERROR -> new ErrorMessage(ERRORS.get(random.nextInt(ERRORS.size())), text(400));
      case NOTE -> new Note(text(400));
      case ASK -> new Ask(random.nextInt(1 + Ask.MAX_LEVEL), resend().blocks());
      case NODES -> new Nodes(bytes(1, 300));
      case PATROL -> new Patrol(1 + random.nextInt(Patrol.MAX_SECONDS));
      case PATROLLED ->
          new Patrolled(count(), count(), random.nextInt(Integer.MAX_VALUE), random.nextInt(101));
    };
  }

  private Hello hello() {
    int min = 1 + random.nextInt(0xffff);
    int max = min + random.nextInt(0x10000 - min);
    int timeout = 1 + random.nextInt(Integer.MAX_VALUE);
    String name = random.nextBoolean() ? "" : name();
    return new Hello(
        min,
        max,
        oneOf(Role.values()),
        oneOf(Purpose.values()),
        timeout,
        name,
        text(Hello.MAX_SOFTWARE));
  }

  private State state() {
    Presence presence = oneOf(Presence.values());
    boolean standing = presence == Presence.STANDING;
    State.Lineage lineage = null;
    if (standing || presence == Presence.SEEDING) {
      lineage =
          new State.Lineage(
              uuid(),
              uuid(),
              standing ? 1 + count() / 2 : 0,
              standing ? root() : RootHash.NONE,
              shape(),
              time(),
              standing && random.nextBoolean());
    }
    return new State(
        presence,
        random.nextBoolean(),
        presence == Presence.BARE && random.nextBoolean(),
        512 << random.nextInt(8),
        random.nextLong() >>> 4,
        wishes(),
        lineage);
  }

  private Wishes wishes() {
    return new Wishes(
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean() ? null : oneOf(HashKind.values()),
        random.nextBoolean() ? null : blockSize());
  }

  private Plan plan() {
    return new Plan(
        oneOf(Purpose.values()),
        oneOf(Basis.values()),
        random.nextBoolean(),
        random.nextBoolean(),
        shape(),
        count(),
        time(),
        1 + count() / 2,
        root(),
        uuid(),
        uuid(),
        name(),
        name());
  }

  private Resend resend() {
    LongStream blocks = random.longs(1 + random.nextInt(30), 0, Fields.MAX_BLOCKS);
    return new Resend(blocks.distinct().sorted().boxed().toList());
  }

  SignatureShape shape() {
    long size = (1 + random.nextInt(1 << 30)) * 512L;
    SignatureShape.Key key = new SignatureShape.Key(random.nextLong(), random.nextLong());
    return new SignatureShape(new Geometry(size, blockSize()), oneOf(HashKind.values()), key);
  }

  RootHash root() {
    return new RootHash(random.nextLong(), random.nextLong(), random.nextLong(), 1);
  }

  private BlockSize blockSize() {
    return new BlockSize(4096 << random.nextInt(9));
  }

  private UUID uuid() {
    return new UUID(random.nextLong(), random.nextLong());
  }

  private long count() {
    return random.nextLong() & Long.MAX_VALUE;
  }

  private long time() {
    return random.nextLong(MAX_TIME + 1);
  }

  private long blocks() {
    return random.nextLong() >>> 17;
  }

  private String name() {
    return random
        .ints(2 + random.nextInt(127), 0, NAME.length())
        .mapToObj(at -> NAME.substring(at, at + 1))
        .collect(Collectors.joining())
        .replace("..", "a.");
  }

  /** Text of at most {@code limit} bytes, in which characters of all lengths occur. */
  private String text(int limit) {
    int[] characters = {'a', '\n', 'é', '→', 0x1f6a2, 0x202e};
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(limit / 4 + 1); left > 0; left--) {
      text.appendCodePoint(characters[random.nextInt(characters.length)]);
    }
    return text.toString();
  }

  private ByteBuffer bytes(int min, int max) {
    byte[] bytes = new byte[min + random.nextInt(max - min)];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private <E> E oneOf(E[] values) {
    return values[random.nextInt(values.length)];
  }
}
