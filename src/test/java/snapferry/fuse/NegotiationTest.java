package snapferry.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import snapferry.codec.LittleEndian;

class NegotiationTest {
  /** What Linux 5.10 can do of what matters here. */
  private static final long OLD_FLAGS =
      InitLayout.ASYNC_READ
          | InitLayout.BIG_WRITES
          | InitLayout.ASYNC_DIO
          | InitLayout.WRITEBACK_CACHE
          | InitLayout.PARALLEL_DIROPS
          | InitLayout.ABORT_ERROR
          | InitLayout.MAX_PAGES;

  private static final long POSIX_LOCKS = 1 << 1;

  @Test
  void theOldestKernelGetsWhatItOffersOfWhatWeUse() {
    Protocol protocol = agreed(new InitRequest(7, 31, 131072, OLD_FLAGS | POSIX_LOCKS));
    assertThat(protocol.minor()).isEqualTo(31);
    assertThat(protocol.readAhead()).isEqualTo(131072);
    assertThat(protocol.flags()).isEqualTo(OLD_FLAGS & ~InitLayout.WRITEBACK_CACHE);
    assertThat(protocol.resends()).isFalse();
  }

  @Test
  void aKernelOfTodayResendsAndMapsFilesWithoutCache() {
    Protocol protocol = agreed(new InitRequest(7, 45, 1 << 24, -1));
    assertThat(protocol.minor()).isEqualTo(45);
    assertThat(protocol.readAhead()).isEqualTo(Protocol.MAX_WRITE);
    assertThat(protocol.resends()).isTrue();
    assertThat(protocol.flags() & InitLayout.DIRECT_IO_ALLOW_MMAP).isNotZero();
    assertThat(protocol.flags()).isEqualTo(Negotiation.WISHES);
  }

  @Test
  void aLaterMinorVersionIsToldOurs() {
    assertThat(agreed(new InitRequest(7, 99, 0, OLD_FLAGS)).minor())
        .isEqualTo(Protocol.NEWEST_MINOR);
  }

  @Test
  void writingBackIsAskedForOnlyWhereItIsWanted() {
    InitRequest init = new InitRequest(7, 41, 0, OLD_FLAGS);
    assertThat(agreed(init).writesBack()).isFalse();
    assertThat(Negotiation.of(init, KernelCache.WRITEBACK))
        .isInstanceOfSatisfying(
            Negotiation.Agreed.class,
            agreed -> assertThat(agreed.protocol().writesBack()).isTrue());
  }

  @Test
  void aLaterMajorVersionIsToldOursAndAsksAgain() {
    Negotiation result = Negotiation.of(new InitRequest(8, 0, 0, 0), KernelCache.DIRECT);
    assertThat(result).isInstanceOf(Negotiation.Again.class);
    ByteBuffer answer = answer(result);
    assertThat(answer.getInt(ReplyHeader.ERROR)).isZero();
    assertThat(answer.getInt(ReplyHeader.SIZE + InitLayout.MAJOR)).isEqualTo(7);
  }

  @Test
  void anOlderKernelIsRefusedWithBothVersions() {
    for (InitRequest init :
        new InitRequest[] {new InitRequest(7, 30, 0, OLD_FLAGS), new InitRequest(6, 40, 0, 0)}) {
      Negotiation result = Negotiation.of(init, KernelCache.DIRECT);
      assertThat(result)
          .isInstanceOfSatisfying(
              Negotiation.Refused.class,
              refused ->
                  assertThat(refused.why())
                      .contains(init.major() + "." + init.minor(), "7.31 (Linux 5.10)"));
      assertThat(answer(result).getInt(ReplyHeader.ERROR)).isNegative();
    }
  }

  @Test
  void theAnswerSaysWhatWasAgreedOn() {
    Negotiation result = Negotiation.of(new InitRequest(7, 41, 4096, -1), KernelCache.WRITEBACK);
    ByteBuffer answer = answer(result);
    int body = ReplyHeader.SIZE;
    assertThat(answer.getInt(ReplyHeader.LENGTH)).isEqualTo(body + InitLayout.REPLY_SIZE);
    assertThat(answer.getInt(body + InitLayout.MINOR)).isEqualTo(41);
    assertThat(answer.getInt(body + InitLayout.REPLY_MAX_WRITE)).isEqualTo(1 << 20);
    assertThat(answer.getShort(body + InitLayout.REPLY_MAX_PAGES)).isEqualTo((short) 256);
    long flags =
        Integer.toUnsignedLong(answer.getInt(body + InitLayout.FLAGS))
            | (long) answer.getInt(body + InitLayout.REPLY_UPPER_FLAGS) << 32;
    assertThat(flags).isEqualTo(Negotiation.WISHES | InitLayout.WRITEBACK_CACHE);
  }

  @Test
  void upperFlagsAreReadOnlyFromAnInitThatHasThem() {
    assertThat(read(InitLayout.SHORT_SIZE, (int) InitLayout.INIT_EXT).flags())
        .isEqualTo(InitLayout.INIT_EXT);
    assertThat(read(InitLayout.SIZE, 0).flags()).isZero();
    assertThat(read(InitLayout.SIZE, (int) InitLayout.INIT_EXT).flags())
        .isEqualTo(InitLayout.INIT_EXT | InitLayout.HAS_RESEND);
  }

  @Test
  void whatIsNoInitIsNotReadAsOne() {
    ByteBuffer bytes = init(InitLayout.SIZE, 0);
    Request request = new Request(bytes);
    for (int length = 0; length < bytes.capacity(); length++) {
      if (request.arrived(length)) {
        assertThat(InitRequest.of(request)).as("%d bytes", length).isNull();
      }
    }
    bytes.putInt(RequestHeader.OPCODE, Opcode.LOOKUP);
    request.arrived(bytes.capacity());
    assertThat(InitRequest.of(request)).isNull();
  }

  private static InitRequest read(int size, int flags) {
    ByteBuffer bytes = init(size, flags);
    Request request = new Request(bytes);
    assertThat(request.arrived(bytes.capacity())).isTrue();
    return Objects.requireNonNull(InitRequest.of(request));
  }

  private static ByteBuffer init(int size, int flags) {
    ByteBuffer bytes = LittleEndian.heap(RequestHeader.SIZE + size);
    bytes.putInt(RequestHeader.LENGTH, bytes.capacity());
    bytes.putInt(RequestHeader.OPCODE, Opcode.INIT);
    bytes.putInt(RequestHeader.SIZE + InitLayout.MAJOR, 7);
    bytes.putInt(RequestHeader.SIZE + InitLayout.FLAGS, flags);
    if (size > InitLayout.UPPER_FLAGS) {
      bytes.putInt(RequestHeader.SIZE + InitLayout.UPPER_FLAGS, 1 << 7);
    }
    return bytes;
  }

  private static Protocol agreed(InitRequest init) {
    Negotiation result = Negotiation.of(init, KernelCache.DIRECT);
    assertThat(result).isInstanceOf(Negotiation.Agreed.class);
    return ((Negotiation.Agreed) result).protocol();
  }

  private static ByteBuffer answer(Negotiation result) {
    ByteBuffer bytes = LittleEndian.heap(256);
    Reply reply = new Reply(bytes);
    result.answer(reply);
    reply.finish(1);
    return bytes;
  }
}
