package snapferry.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/**
 * Requests that no kernel sends: every one with a whole header that wants an answer gets exactly
 * one, which names it and is as long as it says; none reaches outside its file, and none throws.
 */
@NullMarked
class HostileRequestTest {
  private static final long SEED = Long.getLong("snapferry.seed", System.nanoTime());
  private static final int ROUNDS = Integer.getInteger("snapferry.requests", 200_000);
  private static final int MAX_OPCODE = 60;

  private static final long[] EDGES = {
    0,
    1,
    2,
    3,
    4,
    9999,
    10_000,
    10_001,
    4096,
    1 << 20,
    (1 << 20) + 1,
    Integer.MAX_VALUE,
    -1,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MAX_VALUE - 4095
  };

  private final Random random = new Random(SEED);
  private final Conversation kernel;

  HostileRequestTest() throws IOException {
    kernel =
        new Conversation(
            KernelCache.WRITEBACK,
            false,
            new MemoryFile("vol0", 10_000),
            new MemoryFile("vol1", 1));
  }

  @Test
  void garbledRequestsAreAnsweredOnceAndDoNoHarm() {
    for (int round = 0; round < ROUNDS; round++) {
      int length = forge();
      check(length, "seed " + SEED + ", round " + round);
    }
  }

  @Test
  void everyOpcodeIsAnsweredAtEveryLength() {
    for (int opcode = 0; opcode <= MAX_OPCODE; opcode++) {
      for (int length = 0; length <= 200; length++) {
        kernel.header(opcode, 2, length - RequestHeader.SIZE);
        check(length, "opcode " + opcode + " of " + length + " bytes");
        kernel.header(opcode, 1, 1000); // says more than came
        check(length, "opcode " + opcode + " cut to " + length + " bytes");
      }
    }
  }

  /** Makes one up; returns how long it comes. */
  private int forge() {
    int length =
        random.nextInt(10) == 0 ? random.nextInt(Conversation.CAPACITY) : random.nextInt(9000);
    for (int at = RequestHeader.SIZE; at < 200; at += Integer.BYTES) {
      kernel.in.putInt(at, random.nextInt(4) == 0 ? random.nextInt() : (int) edge());
    }
    int opcode = random.nextInt(20) == 0 ? random.nextInt() : random.nextInt(MAX_OPCODE);
    long node = random.nextInt(8) == 0 ? edge() : 1 + random.nextInt(4);
    kernel.header(opcode, node, length - RequestHeader.SIZE);
    kernel.in.putLong(RequestHeader.SIZE + TransferRequest.OFFSET, edge());
    if (random.nextBoolean()) {
      int body = length - RequestHeader.SIZE - TransferRequest.SIZE;
      kernel.in.putInt(RequestHeader.SIZE + TransferRequest.COUNT, body);
    }
    if (random.nextInt(16) == 0) {
      kernel.in.putInt(RequestHeader.LENGTH, random.nextInt());
    }
    return length;
  }

  private long edge() {
    return EDGES[random.nextInt(EDGES.length)] + random.nextInt(3) - 1;
  }

  private void check(int length, String what) {
    int opcode = kernel.in.getInt(RequestHeader.OPCODE);
    kernel.out.putInt(ReplyHeader.LENGTH, -1);
    int answer = kernel.send(length);
    if (length < RequestHeader.SIZE || !Opcode.wantsAnswer(opcode)) {
      assertThat(answer).as(what).isZero();
      return;
    }
    assertThat(answer).as(what).isBetween(ReplyHeader.SIZE, kernel.out.capacity());
    assertThat(kernel.out.getInt(ReplyHeader.LENGTH)).as(what).isEqualTo(answer);
    assertThat(kernel.unique()).as(what).isEqualTo(kernel.in.getLong(RequestHeader.UNIQUE));
    assertThat(kernel.error()).as(what).isBetween(0, 511);
    if (kernel.error() != 0) {
      assertThat(answer).as(what).isEqualTo(ReplyHeader.SIZE);
    }
  }
}
