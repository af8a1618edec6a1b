package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/**
 * A standby hears a recorded source whose words were cut off or garbled on the way: it fails at
 * once and clearly, and holds the old epoch; or it holds the new one, and nothing else ever.
 */
@NullMarked
class ReceiverStreamTest {
  private static final int GARBLINGS = 3000;
  private static final long PROMPT_NANOS = TimeUnit.MILLISECONDS.toNanos(2500);

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final SmallVolume volume = new SmallVolume();

  @Test
  void aStreamThatIsCutOffAnywhereLeavesTheOldEpoch() throws IOException {
    for (Rig before : new Rig[] {volume.cached(), volume.stored()}) {
      Recording source = recorded(before, Wishes.NONE);
      byte[] stream = source.bytes();
      for (int length = 0; length < stream.length; length++) {
        Playback.Cut cut = length % 5 == 0 ? Playback.Cut.RESET : Playback.Cut.END_OF_STREAM;
        Rig rig = before.copy();
        String what = "cut off after " + length + " of " + stream.length;
        Failure failure = hear(rig, Arrays.copyOf(stream, length), source, cut, what);
        assertThat(failure).as(what).isNotNull();
        assertThat(failure.exit()).as("%s: %s", what, failure).isEqualTo(ExitCode.TRANSPORT);
        assertThat(epoch(rig, what)).as(what).isEqualTo(1);
      }
      Rig rig = before.copy();
      assertThat(hear(rig, stream, source, Playback.Cut.END_OF_STREAM, "all of it")).isNull();
      assertThat(epoch(rig, "all of it")).isEqualTo(2);
    }
  }

  @Test
  void aGarbledStreamLeavesTheOldEpochOrTheNew() throws IOException {
    Rig[] befores = {volume.cached(), volume.stored(), volume.cached()};
    Recording[] sources = {
      recorded(befores[0], Wishes.NONE),
      recorded(befores[1], Wishes.NONE),
      recorded(befores[2], SmallVolume.FULL)
    };
    Map<ExitCode, Integer> exits = new EnumMap<>(ExitCode.class);
    Garbling[] kinds = Garbling.values();
    for (int i = 0; i < GARBLINGS; i++) {
      Garbling kind = kinds[i % kinds.length];
      int which = i / kinds.length % befores.length;
      Rig rig = befores[which].copy();
      byte[] stream = kind.of(sources[which].bytes(), random);
      String what = kind + ", number " + i + ", seed " + seed;
      Failure failure = hear(rig, stream, sources[which], Playback.Cut.END_OF_STREAM, what);
      boolean renewed = epoch(rig, what) == 2;
      if (!renewed) {
        assertThat(failure).as(what).isNotNull();
      }
      if (failure != null) {
        exits.merge(failure.exit(), 1, Integer::sum);
        boolean forged = kind == Garbling.FRAME_FORGED || kind == Garbling.TYPE_FORGED;
        assertThat(failure.exit())
            .as("%s: %s", what, failure)
            .isIn(
                forged
                    ? ExitCode.values()
                    : new Object[] {ExitCode.TRANSPORT, ExitCode.PROTOCOL, ExitCode.INTEGRITY});
      }
    }
    assertThat(exits)
        .as("seed %d", seed)
        .containsKeys(ExitCode.TRANSPORT, ExitCode.PROTOCOL, ExitCode.INTEGRITY, ExitCode.LINEAGE);
  }

  @Test
  void aSessionThatIsPlayedAgainIsRefusedByWhatItWouldFollow() throws IOException {
    for (Rig before : new Rig[] {volume.cached(), volume.stored()}) {
      Recording source = recorded(before, Wishes.NONE);
      Rig rig = before.copy();
      rig.source(volume.next);
      assertThat(rig.replicate().epoch()).isEqualTo(2);
      assertThat(playedAgain(rig, source)).isEqualTo(ExitCode.LINEAGE);
      assertThat(rig.image()).isEqualTo(volume.next);
      rig.source(volume.old);
      assertThat(rig.replicate().epoch()).isEqualTo(3);
      assertThat(playedAgain(rig, source)).isEqualTo(ExitCode.LINEAGE);
      assertThat(rig.image()).isEqualTo(volume.old);
    }
  }

  private static @Nullable ExitCode playedAgain(Rig rig, Recording source) throws IOException {
    byte[] stream = source.bytes();
    Failure failure = hear(rig, stream, source, Playback.Cut.END_OF_STREAM, "played again");
    return failure == null ? null : failure.exit();
  }

  /** What happens to a standby that hears {@code stream}: null when all was well. */
  private static @Nullable Failure hear(
      Rig rig, byte[] stream, Recording recording, Playback.Cut cut, String what)
      throws IOException {
    long start = System.nanoTime();
    @Nullable Failure failure = null;
    try {
      rig.serve(new Playback(stream, recording, cut).ends());
    } catch (Failure e) {
      failure = e;
    }
    assertThat(System.nanoTime() - start).as(what).isLessThan(PROMPT_NANOS);
    return failure;
  }

  /** The epoch that is there, whose bytes must be those of that epoch. */
  private long epoch(Rig rig, String what) throws IOException {
    long epoch = Objects.requireNonNull(rig.manifest(), what).epoch();
    assertThat(Arrays.equals(rig.image(), epoch == 1 ? volume.old : volume.next)).as(what).isTrue();
    return epoch;
  }

  private static Recording recorded(Rig before, Wishes wishes) throws IOException {
    Rig rig = before.copy();
    Recording source = new Recording();
    Ends[] ends = Ends.pair();
    rig.session(
        new Ends[] {source.of(ends[0]), ends[1]},
        client -> client.push("", rig.sourcePlace(), Purpose.REPLICATE, wishes));
    return source;
  }
}
