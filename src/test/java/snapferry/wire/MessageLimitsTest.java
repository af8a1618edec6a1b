package snapferry.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.codec.FormatException;
import snapferry.delta.RootHash;
import snapferry.extent.Geometry;

/** The least and the most that a message may say, each of which must be understood. */
class MessageLimitsTest {
  private static State bare(long capacity) {
    return new State(Presence.BARE, false, false, 512, capacity, Wishes.NONE, null);
  }

  private static Hello hello(int min, int max, int timeout) {
    return new Hello(min, max, Role.SENDER, Purpose.REPLICATE, timeout, "", "");
  }

  private static Ask ask(int level, int count) {
    return new Ask(level, LongStream.range(0, count).boxed().toList());
  }

  private static Resend resend(int count) {
    return new Resend(LongStream.range(0, count).boxed().toList());
  }

  private static Message[] atTheirLimits() {
    return new Message[] {
      bare(0),
      bare(Geometry.MAX_SIZE),
      hello(1, 1, 1),
      hello(0xffff, 0xffff, Integer.MAX_VALUE),
      ask(0, 1),
      ask(Ask.MAX_LEVEL, Ask.MAX_INDICES),
      resend(1),
      resend(Resend.MAX_BLOCKS),
      new Zero(0, Fields.MAX_BLOCKS),
      new Zero(Fields.MAX_BLOCKS - 1, 1),
      new Patrol(1),
      new Patrol(Patrol.MAX_SECONDS),
      new Patrolled(0, 0, 0, 0),
      new Patrolled(Long.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, 100),
      new Ack(0, RootHash.NONE, 0, 0, 0),
    };
  }

  @ParameterizedTest
  @MethodSource("atTheirLimits")
  void whatLiesAtALimitIsUnderstood(Message message) throws FormatException {
    assertThat(Frames.decode(message.type(), Samples.payload(message))).isEqualTo(message);
  }

  @Test
  void whatLiesBeyondALimitIsNotSaid() {
    assertThatIllegalArgumentException().isThrownBy(() -> bare(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> bare(Geometry.MAX_SIZE + 1));
    assertThatIllegalArgumentException().isThrownBy(() -> hello(1, 0x10000, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> hello(1, 1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> ask(Ask.MAX_LEVEL + 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> ask(0, Ask.MAX_INDICES + 1));
    assertThatIllegalArgumentException().isThrownBy(() -> resend(Resend.MAX_BLOCKS + 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Zero(1, Fields.MAX_BLOCKS));
    assertThatIllegalArgumentException().isThrownBy(() -> new Patrol(0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Patrol(Patrol.MAX_SECONDS + 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Patrolled(0, 0, -1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Patrolled(0, 0, 0, 101));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, Long.MAX_VALUE - 5, Long.MAX_VALUE - 4, Long.MAX_VALUE})
  void whatBothEndsPatrolledIsAddedUpAsFarAsNumbersGo(long bytes) {
    Patrolled one = new Patrolled(bytes, 5, 7, 40);
    Patrolled both = one.and(new Patrolled(5, bytes, 6, 60));
    long sum = bytes > Long.MAX_VALUE - 5 ? Long.MAX_VALUE : bytes + 5;
    assertThat(both).isEqualTo(new Patrolled(sum, sum, 7, 40));
  }
}
