package snapferry.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import snapferry.codec.FormatException;
import snapferry.delta.HashKind;
import snapferry.delta.RootHash;
import snapferry.extent.BlockSize;
import snapferry.failure.ExitCode;

class MessageTest {
  private static final long SEED = 20261122;

  /** Where the wishes begin in a STATE, in bytes. */
  private static final int WISHES_AT = 128;

  private final Samples samples = new Samples(new Random(SEED));

  @ParameterizedTest
  @EnumSource
  void aMessageThatWasEncodedDecodesToItself(FrameType type) throws FormatException {
    for (int i = 0; i < 200; i++) {
      Message message = samples.message(type);
      assertThat(Frames.decode(type, Samples.payload(message)))
          .as("%s %d of seed %d", type, i, SEED)
          .isEqualTo(message);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEncodedMessageStaysWithinItsLimitAndIsAppended(FrameType type) throws FormatException {
    ByteBuffer out = ByteBuffer.allocateDirect(type.maxFrame() + 7).position(7);
    int length = Frames.encode(samples.message(type), out);
    assertThat(out.position()).isEqualTo(7 + length);
    FrameHeader header = FrameHeader.parse(out.flip().position(7));
    assertThat(header.type()).isEqualTo(type);
    assertThat(header.length()).isEqualTo(length - FrameHeader.LENGTH);
  }

  @Test
  void aBufferThatIsTooSmallOverflows() {
    for (int room = 0; room < FrameHeader.LENGTH + 16; room++) {
      ByteBuffer out = ByteBuffer.allocate(room);
      assertThatThrownBy(() -> Frames.encode(new Zero(1, 1), out))
          .isInstanceOf(BufferOverflowException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SIGNATURE", "DELTA", "ERROR", "NOTE", "NODES"})
  void aPayloadOfAnotherLengthIsRefused(FrameType type) {
    ByteBuffer whole = Samples.payload(samples.message(type));
    for (int length = 0; length < whole.limit(); length++) {
      boolean shorterList =
          switch (type) {
            case RESEND -> length % Long.BYTES == 0;
            case ASK -> length % Long.BYTES == Ask.FIXED;
            default -> false;
          };
      if (!shorterList || length <= Ask.FIXED) {
        ByteBuffer cut = whole.duplicate().limit(length);
        assertRefused(type, cut);
      }
    }
    assertRefused(type, ByteBuffer.allocate(whole.limit() + 1).put(whole).clear());
  }

  @Test
  void helloRefusesWhatNoEndSays() {
    Hello hello = hello("vol0", "é");
    refused(hello, p -> p.putShort(0, (short) 0), "versions 0 to 3");
    refused(hello, p -> p.putShort(0, (short) 4), "versions 4 to 3");
    refused(hello, p -> p.put(4, (byte) 2), "unknown Role 2");
    refused(hello, p -> p.put(5, (byte) 3), "unknown Purpose 3");
    refused(hello, p -> p.put(6, (byte) 1), "reserved");
    refused(hello, p -> p.put(7, (byte) 1), "reserved");
    refused(hello, p -> p.putInt(8, 0), "timeout 0");
    refused(hello, p -> p.putInt(8, -1), "timeout 4294967295");
    refused(hello, p -> p.putShort(12, (short) 200), "text of 200 bytes");
    refused(hello, p -> p.put(14, (byte) '/'), "name");
    refused(hello, p -> p.put(20, (byte) 'x'), "UTF-8");
    refused(hello, p -> p.putShort(18, (short) 1), "UTF-8");
  }

  @Test
  void helloRefusesTextsThatAreTooLong() {
    String name = "n".repeat(VolumeName.MAX_LENGTH);
    String software = "s".repeat(Hello.MAX_SOFTWARE);
    Samples.frame(hello(name, software));
    assertThatIllegalArgumentException().isThrownBy(() -> hello(name + "n", software));
    assertThatIllegalArgumentException().isThrownBy(() -> hello(name, software + "s"));
    assertThatIllegalArgumentException().isThrownBy(() -> hello("..", software));
  }

  private static Hello hello(String name, String software) {
    return new Hello(1, 3, Role.SENDER, Purpose.REPLICATE, 30, name, software);
  }

  @Test
  void stateRefusesWhatNoTargetIs() {
    State bare = new State(Presence.BARE, true, false, 4096, 1 << 20, Wishes.NONE, null);
    refused(bare, p -> p.put(0, (byte) 4), "unknown Presence 4");
    refused(bare, p -> p.put(0, (byte) Presence.STANDING.code()), "no hash of kind 0");
    refused(bare, p -> p.put(1, (byte) 2), "kind");
    refused(bare, p -> p.put(2, (byte) 1), "signature or a hash");
    refused(bare, p -> p.put(2, (byte) 4), "unknown flags 4");
    refused(bare, p -> p.put(3, (byte) 1), "signature or a hash");
    refused(bare, p -> p.putInt(4, 0), "sector size 0");
    refused(bare, p -> p.putInt(4, 513), "sector size 513");
    refused(bare, p -> p.putInt(4, 1 << 17), "sector size 131072");
    refused(bare, p -> p.putInt(4, 1 << 31), "sector size 2147483648");
    refused(bare, p -> p.putLong(8, -1), "capacity");
    refused(bare, p -> p.putLong(8, (1L << 60) + 1), "capacity");
    for (int at = 16; at < State.LENGTH; at++) {
      int field = at;
      if (at < WISHES_AT || at >= WISHES_AT + Wishes.LENGTH) {
        refused(bare, p -> p.put(field, (byte) 1), "reserved");
      }
    }
  }

  @Test
  void stateRefusesWishesThatNoOperatorHas() {
    Wishes wishes = new Wishes(true, true, true, false, HashKind.SHA256, BlockSize.DEFAULT);
    State state = new State(Presence.ABSENT, false, false, 512, 0, wishes, null);
    refused(state, p -> p.put(WISHES_AT, (byte) 16), "unknown flags 16");
    refused(state, p -> p.put(WISHES_AT, (byte) 0x80), "unknown flags 128");
    refused(state, p -> p.put(WISHES_AT + 1, (byte) 3), "no hash of kind 3");
    refused(state, p -> p.put(WISHES_AT + 2, (byte) 1), "reserved");
    refused(state, p -> p.put(WISHES_AT + 3, (byte) 1), "reserved");
    refused(state, p -> p.putInt(WISHES_AT + 4, 4095), "block size");
    refused(state, p -> p.putInt(WISHES_AT + 4, 2 << 20), "block size");
    refused(state, p -> p.putInt(WISHES_AT + 4, -1), "block size");
  }

  @Test
  void onlyABareTargetIsDamaged() {
    State absent = new State(Presence.ABSENT, false, false, 512, 0, Wishes.NONE, null);
    refused(absent, p -> p.put(2, (byte) 2), "damage that does not go with ABSENT");
    State standing =
        new State(Presence.STANDING, false, false, 512, 0, Wishes.NONE, lineage(samples.root()));
    refused(standing, p -> p.put(2, (byte) 2), "damage that does not go with STANDING");
    State seeding =
        new State(Presence.SEEDING, false, false, 512, 0, Wishes.NONE, lineage(RootHash.NONE));
    refused(seeding, p -> p.put(2, (byte) 2), "damage that does not go with SEEDING");
  }

  /** Of epoch 7 with a signature; or, without a root, of a seed that is not complete. */
  private State.Lineage lineage(RootHash root) {
    boolean complete = !root.equals(RootHash.NONE);
    return new State.Lineage(
        new UUID(1, 2), new UUID(3, 4), complete ? 7 : 0, root, samples.shape(), 0, complete);
  }

  @Test
  void stateRefusesALineageThatDoesNotGoWithThePresence() {
    State standing =
        new State(Presence.STANDING, false, false, 512, 0, Wishes.NONE, lineage(samples.root()));
    refused(standing, p -> p.put(0, (byte) Presence.SEEDING.code()), "SEEDING");
    refused(standing, p -> p.put(0, (byte) Presence.BARE.code()), "signature or a hash");
    refused(standing, p -> p.put(3, (byte) 3), "no hash of kind 3");
    refused(standing, p -> p.putLong(16, 0), "size");
    refused(standing, p -> p.putLong(16, 513), "size");
    refused(standing, p -> p.putLong(16, (1L << 60) + 512), "size");
    refused(standing, p -> p.putInt(24, 4095), "block size");
    refused(standing, p -> p.putInt(24, 2 << 20), "block size");
    refused(standing, p -> p.putInt(28, 1), "reserved");
    refused(standing, p -> p.putLong(32, 0), "STANDING");
    refused(standing, p -> p.putLong(32, -1), "epoch");
    refusesTimesThatHaveNoDate(standing, 40);
    refused(standing, p -> p.put(96, new byte[32]), "STANDING");
    refused(standing, p -> p.put(136, (byte) 1), "reserved");
    refused(standing, p -> p.put(159, (byte) 1), "reserved");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new State(Presence.STANDING, false, false, 512, 0, Wishes.NONE, null));
  }

  @Test
  void planRefusesWhatNoSenderDoes() {
    Plan plan = plan("ab", "cd");
    refused(plan, p -> p.put(0, (byte) 3), "unknown Purpose 3");
    refused(plan, p -> p.put(1, (byte) 4), "unknown Basis 4");
    refused(plan, p -> p.put(2, (byte) 4), "unknown flags 4");
    refused(plan, p -> p.put(3, (byte) 0), "no hash of kind 0");
    refused(plan, p -> p.putInt(4, 0), "block size");
    refused(plan, p -> p.putLong(8, -512), "size");
    refused(plan, p -> p.putLong(16, -1), "epoch");
    refusesTimesThatHaveNoDate(plan, 24);
    refused(plan, p -> p.putLong(32, -1), "basis epoch");
    refused(plan, p -> p.putLong(32, 0), "CACHED");
    refused(plan, p -> p.put(88, new byte[32]), "CACHED");
    for (int at : new int[] {120, 124}) {
      refused(plan, p -> p.putShort(at, (short) 7), "text of 7 bytes");
      refused(plan, p -> p.put(at + 2, (byte) '/'), "label or change source");
      refused(plan, p -> p.put(at + 2, (byte) 0xff), "UTF-8");
      refused(plan, p -> p.put(at + 2, new byte[] {'.', '.'}), "label or change source");
    }
    refused(plan, p -> p.putShort(124, (short) 1), "1 bytes left over");
    refused(plan, p -> p.putShort(124, (short) 0), "label or change source");
  }

  private Plan plan(String label, String changeSource) {
    return new Plan(
        Purpose.REPLICATE,
        Basis.CACHED,
        true,
        true,
        samples.shape(),
        2,
        0,
        1,
        samples.root(),
        new UUID(1, 2),
        new UUID(3, 4),
        label,
        changeSource);
  }

  /** The time at {@code at} may be the last with a year of four digits, and none beyond. */
  private static void refusesTimesThatHaveNoDate(Message message, int at) {
    ByteBuffer last = Samples.payload(message).putLong(at, Samples.MAX_TIME);
    assertThatCode(() -> Frames.decode(message.type(), last)).doesNotThrowAnyException();
    for (long time : new long[] {-1, Long.MIN_VALUE, Samples.MAX_TIME + 1, Long.MAX_VALUE}) {
      refused(message, p -> p.putLong(at, time), "time " + time);
    }
  }

  @Test
  void aPatrolHasAPeriodAndAPercentageIsNoMoreThanAll() {
    Patrol patrol = new Patrol(1);
    refused(patrol, p -> p.putInt(0, 0), "period");
    refused(patrol, p -> p.putInt(0, -1), "period");
    refused(patrol, p -> p.putInt(0, Patrol.MAX_SECONDS + 1), "period");
    Patrolled patrolled = new Patrolled(1, 2, 3, 100);
    refused(patrolled, p -> p.putLong(0, -1), "patrolled bytes");
    refused(patrolled, p -> p.putLong(8, -1), "blocks found");
    refused(patrolled, p -> p.putInt(16, -1), "age");
    refused(patrolled, p -> p.put(20, (byte) 101), "coverage");
    refused(patrolled, p -> p.put(23, (byte) 1), "reserved");
  }

  @Test
  void planRefusesNamesThatAreEmptyOrTooLong() {
    String name = "n".repeat(VolumeName.MAX_LENGTH);
    Samples.frame(plan(name, name));
    for (String other : new String[] {"", name + "n"}) {
      assertThatIllegalArgumentException().isThrownBy(() -> plan(other, name));
      assertThatIllegalArgumentException().isThrownBy(() -> plan(name, other));
    }
  }

  @Test
  void aRunOfBlocksThatNoVolumeHasIsRefused() {
    for (Message message : new Message[] {new Zero(1, 2), new ZeroSignature(1, 2)}) {
      refused(message, p -> p.putLong(8, 0), "no run of blocks");
      refused(message, p -> p.putLong(8, -1), "no run of blocks");
      refused(message, p -> p.putLong(0, -1), "no run of blocks");
      refused(message, p -> p.putLong(0, Long.MAX_VALUE), "no run of blocks");
      refused(message, p -> p.putLong(8, Long.MAX_VALUE), "no run of blocks");
      refused(message, p -> p.putLong(8, Fields.MAX_BLOCKS), "no run of blocks");
    }
  }

  @Test
  void countsBeyondTheSignBitAreRefused() {
    End end = new End(samples.root(), 1, 2, 3, 4, 5, 6);
    for (int at = 32; at < End.LENGTH; at += Long.BYTES) {
      int field = at;
      refused(end, p -> p.put(field + 7, (byte) 0x80), "9223372036854775");
    }
    Ack ack = new Ack(1, samples.root(), 2, 3, 4);
    for (int at : new int[] {0, 40, 48, 56}) {
      refused(ack, p -> p.put(at + 7, (byte) 0x80), "9223372036854775");
    }
  }

  @Test
  void askRefusesLevelsAndPlacesThatNoTreeHas() {
    Ask ask = new Ask(2, List.of(3L, 4L));
    refused(ask, p -> p.put(0, (byte) 7), "level 7");
    refused(ask, p -> p.put(1, (byte) 1), "reserved");
    refused(ask, p -> p.putLong(12, 3), "number 3 after 3");
    refused(ask, p -> p.putLong(12, Fields.MAX_BLOCKS), "after 3");
  }

  @Test
  void resendRefusesBlocksThatDoNotAscend() {
    Resend resend = new Resend(List.of(3L, 4L));
    refused(resend, p -> p.putLong(8, 3), "number 3 after 3");
    refused(resend, p -> p.putLong(8, 2), "number 2 after 3");
    refused(resend, p -> p.putLong(8, -1), "after 3");
    refused(resend, p -> p.putLong(8, Fields.MAX_BLOCKS), "after 3");
    refused(resend, p -> p.putLong(0, -1), "after -1");
  }

  @Test
  void anErrorThatSaysDoneIsRefused() throws FormatException {
    ErrorMessage error = new ErrorMessage(ExitCode.SIZE, "é");
    refused(error, p -> p.put(0, (byte) 0), "DONE");
    refused(error, p -> p.put(0, (byte) 3), "WARNINGS");
    refused(error, p -> p.put(1, (byte) 'x'), "UTF-8");
    refused(new Note("é"), p -> p.put(1, (byte) 'x'), "UTF-8");
    ByteBuffer payload = Samples.payload(error).put(0, (byte) 99);
    assertThat(Frames.decode(FrameType.ERROR, payload))
        .isEqualTo(new ErrorMessage(ExitCode.PROTOCOL, "é"));
  }

  @Test
  void aTextThatIsTooLongIsCutBetweenCharacters() throws FormatException {
    String text = "é".repeat(3000);
    assertThat(new Note(text).text()).isEqualTo("é".repeat(2048));
    assertThat(new Note("a" + text).text()).isEqualTo("a" + "é".repeat(2047));
    ErrorMessage error = new ErrorMessage(ExitCode.FAILED, "a" + text);
    assertThat(Frames.decode(FrameType.ERROR, Samples.payload(error))).isEqualTo(error);
  }

  @Test
  void anEndSendsOnlyFramesOfItsRole() {
    assertThat(FrameType.DELTA.sentBy(Role.SENDER)).isTrue();
    assertThat(FrameType.DELTA.sentBy(Role.SENDER.other())).isFalse();
    assertThat(FrameType.ACK.sentBy(Role.RECEIVER)).isTrue();
    assertThat(FrameType.ACK.sentBy(Role.RECEIVER.other())).isFalse();
    assertThat(FrameType.ERROR.sentBy(Role.SENDER)).isTrue();
    assertThat(FrameType.ERROR.sentBy(Role.RECEIVER)).isTrue();
  }

  /** {@code message}, with its payload changed, is a format error that says {@code what}. */
  private static void refused(Message message, Consumer<ByteBuffer> change, String what) {
    ByteBuffer payload = Samples.payload(message);
    change.accept(payload);
    assertThatThrownBy(() -> Frames.decode(message.type(), payload))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(what);
  }

  private static void assertRefused(FrameType type, ByteBuffer payload) {
    assertThatThrownBy(() -> Frames.decode(type, payload)).isInstanceOf(FormatException.class);
  }
}
