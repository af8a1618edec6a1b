package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import snapferry.delta.RootHash;
import snapferry.device.HostileDisk;
import snapferry.extent.BlockSize;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.Ask;
import snapferry.wire.Message;
import snapferry.wire.Nodes;
import snapferry.wire.Purpose;
import snapferry.wire.Role;
import snapferry.wire.State;
import snapferry.wire.Wishes;

/**
 * A standby or a source that was restored from an older copy goes on at the cost of what differs.
 */
@NullMarked
class RejoinTest {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 1500;
  private static final Wishes SMALL_BLOCKS =
      new Wishes(false, false, false, false, null, new BlockSize(BLOCK));
  private static final Wishes REJOIN = new Wishes(false, false, false, true, null, null);

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final byte[] content = new byte[BLOCKS * BLOCK - 512];
  private final Rig rig = new Rig();
  private HostileDisk oldSource = new HostileDisk();
  private HostileDisk oldStandby = new HostileDisk();

  @BeforeEach
  void replicateThreeEpochsAndKeepTheFirst() throws IOException {
    random.nextBytes(content);
    rig.source(content);
    rig.push(Purpose.REPLICATE, SMALL_BLOCKS);
    oldSource = rig.sourceDisk.rebootKeepingAll();
    oldStandby = rig.standbyDisk.rebootKeepingAll();
    Rig going = rig.on(oldSource.rebootKeepingAll(), oldStandby.rebootKeepingAll());
    for (int epoch = 2; epoch <= 3; epoch++) {
      for (int i = 0; i < 10; i++) {
        content[random.nextInt(content.length / 2)] ^= 1;
      }
      Arrays.fill(content, epoch * 50 * BLOCK, (epoch * 50 + 3) * BLOCK, (byte) 0);
      going.source(content);
      going.replicate();
    }
    rig.sourceDisk = going.sourceDisk;
    rig.standbyDisk = going.standbyDisk;
  }

  @Test
  void anOlderStandbyIsRefusedUntilTheOperatorWishesToRejoin() throws IOException {
    Rig restored = rig.on(rig.sourceDisk.rebootKeepingAll(), oldStandby.rebootKeepingAll());
    Failure failure = catchThrowableOfType(Failure.class, restored::replicate);
    assertThat(failure.exit()).isEqualTo(ExitCode.LINEAGE);
    assertThat(failure).hasMessageContaining("--rejoin");
    rejoined(rig.on(rig.sourceDisk.rebootKeepingAll(), oldStandby.rebootKeepingAll()));
  }

  @Test
  void anOlderSourceRecordRejoins() throws IOException {
    Rig restored = rig.on(oldSource.rebootKeepingAll(), rig.standbyDisk.rebootKeepingAll());
    restored.source(content);
    rejoined(restored);
  }

  @Test
  void aStandbyWhoseOperatorPullsRejoinsToo() throws IOException {
    Rig restored = rig.on(rig.sourceDisk.rebootKeepingAll(), oldStandby.rebootKeepingAll());
    restored.pull(Purpose.REPLICATE, REJOIN);
    assertThat(Arrays.equals(restored.image(), content)).as("seed %d", seed).isTrue();
  }

  /** Rejoins, which must read nothing of the image but what changes, and say next to nothing. */
  private void rejoined(Rig restored) throws IOException {
    Recording answered = new Recording();
    Ends[] ends = Ends.pair();
    Summary summary =
        restored.session(
            new Ends[] {ends[0], answered.of(ends[1])},
            client -> client.push("", restored.sourcePlace(), Purpose.REPLICATE, REJOIN));
    assertThat(Arrays.equals(restored.image(), content)).as("seed %d", seed).isTrue();
    assertThat(summary.basisRead()).isLessThanOrEqualTo(40L * BLOCK);
    // Hashes of three of the six groups, and some entries; the whole signature has 42 KB.
    assertThat(answered.bytes().length).as("seed %d", seed).isLessThan(17_000);
    content[7] ^= 1;
    restored.source(content);
    assertThat(restored.replicate().blocksChanged()).isEqualTo(1);
  }

  @Test
  void aRejoiningThatIsCutOffAnywhereIsDoneAgain() throws IOException {
    Rig whole = rig.on(rig.sourceDisk.rebootKeepingAll(), oldStandby.rebootKeepingAll());
    whole.push(Purpose.REPLICATE, REJOIN);
    int operations = whole.sourceDisk.operations();
    for (int at = 1; at <= operations; at++) {
      Rig cut = rig.on(rig.sourceDisk.rebootKeepingAll(), oldStandby.rebootKeepingAll());
      cut.sourceDisk.crashAt(at, new Random(seed + at));
      try {
        cut.push(Purpose.REPLICATE, REJOIN);
      } catch (Failure e) {
        // As it should; but once the standby has acknowledged, it is only a warning.
      }
      Rig again = cut.rebooted(new Random(seed - at));
      again.push(Purpose.REPLICATE, REJOIN);
      assertThat(Arrays.equals(again.image(), content))
          .as("seed %d, operation %d", seed, at)
          .isTrue();
    }
  }

  @Test
  void anAnswerThatIsNotWhatWasAskedForBreaksTheProtocol() throws IOException {
    List<UnaryOperator<ByteBuffer>> wrong =
        List.of(
            bytes -> bytes.limit(bytes.limit() - 1),
            bytes -> bytes.limit(32),
            bytes -> ByteBuffer.allocate(bytes.remaining() + 32).put(bytes).rewind());
    for (UnaryOperator<ByteBuffer> change : wrong) {
      assertThat(rejoinWith(change).exit()).isEqualTo(ExitCode.PROTOCOL);
    }
  }

  /** What becomes of a rejoining whose first answer is changed so. */
  private Failure rejoinWith(UnaryOperator<ByteBuffer> change) throws IOException {
    Rig restored = rig.on(rig.sourceDisk.rebootKeepingAll(), oldStandby.rebootKeepingAll());
    Ends[] ends = Ends.pair();
    State state;
    try (Standby standby = restored.open()) {
      state = standby.state(Wishes.NONE);
    }
    try (Peer peer = new Peer(ends[1]);
        Session session = new Session(ends[0], Rig.SETTINGS, Monitor.SILENT)) {
      peer.greet(Role.RECEIVER);
      peer.say(state);
      // Six nodes of level 1 below the one of level 2.
      peer.say(new Nodes(change.apply(ByteBuffer.allocate(6 * RootHash.LENGTH))));
      return catchThrowableOfType(
          Failure.class, () -> session.push("", restored.sourcePlace(), Purpose.REPLICATE, REJOIN));
    }
  }

  @Test
  void aQuestionThatTheTreeCannotAnswerBreaksTheProtocol() throws IOException {
    List<Message> questions =
        List.of(
            new Ask(3, List.of(0L)),
            new Ask(2, List.of(1L)),
            new Ask(1, List.of(3L, 6L)),
            new Ask(0, List.of((long) BLOCKS)));
    for (Message question : questions) {
      assertThat(
              askOf(rig.on(oldSource.rebootKeepingAll(), oldStandby.rebootKeepingAll()), question)
                  .exit())
          .as("%s", question)
          .isEqualTo(ExitCode.PROTOCOL);
    }
  }

  @Test
  void aStandbyWithoutASignatureIsNotAsked() throws IOException {
    assertThat(askOf(new Rig(), new Ask(1, List.of(0L))).exit()).isEqualTo(ExitCode.PROTOCOL);
  }

  private static Failure askOf(Rig rig, Message question) throws IOException {
    Ends[] ends = Ends.pair();
    try (Peer peer = new Peer(ends[0])) {
      peer.greet(Role.SENDER);
      peer.say(question);
      return catchThrowableOfType(Failure.class, () -> rig.serve(ends[1]));
    }
  }

  @Test
  void aStandbyOfAnotherVolumeIsNoneToRejoin() throws IOException {
    Rig other = new Rig();
    other.source(content);
    other.push(Purpose.REPLICATE, SMALL_BLOCKS);
    Rig swapped = rig.on(other.sourceDisk, rig.standbyDisk.rebootKeepingAll());
    Failure failure =
        catchThrowableOfType(Failure.class, () -> swapped.push(Purpose.REPLICATE, REJOIN));
    assertThat(failure.exit()).isEqualTo(ExitCode.LINEAGE);
  }
}
