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
import snapferry.device.StateDirectory;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.JournalRecovery;
import snapferry.journal.Manifest;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/**
 * A source hears a recorded standby whose words were cut off or garbled on the way: it fails at
 * once and clearly, and the next run makes the standby a copy, be it that the standby committed the
 * epoch or that it did not.
 */
@NullMarked
class SenderStreamTest {
  private static final int GARBLINGS = 900;
  private static final long PROMPT_NANOS = TimeUnit.MILLISECONDS.toNanos(2500);

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final SmallVolume volume = new SmallVolume();

  /** Both ends before the run, both ends after it, and what the standby said in between. */
  private record Scene(Rig before, Rig after, Recording standby, Wishes wishes) {}

  @Test
  void anAnswerThatIsCutOffAnywhereAcknowledgesNothing() throws IOException {
    for (Scene scene : scenes()) {
      byte[] answer = scene.standby.bytes();
      for (int length = 0; length < answer.length; length++) {
        Playback.Cut cut = length % 5 == 0 ? Playback.Cut.RESET : Playback.Cut.END_OF_STREAM;
        String what = "cut off after " + length + " of " + answer.length + ", " + scene.wishes;
        Rig rig = scene.before.copy();
        Failure failure = hear(rig, Arrays.copyOf(answer, length), scene, cut, what);
        assertThat(failure).as(what).isNotNull();
        assertThat(failure.exit()).as("%s: %s", what, failure).isEqualTo(ExitCode.TRANSPORT);
        if (length % 16 == 0 || length > answer.length - 20) {
          checkNextRun(scene, rig, false, false, what);
        }
      }
      Rig rig = scene.before.copy();
      assertThat(hear(rig, answer, scene, Playback.Cut.END_OF_STREAM, "all of it")).isNull();
      checkNextRun(scene, rig, true, false, "all of it");
    }
  }

  @Test
  void aGarbledAnswerDoesNoHarm() throws IOException {
    Scene[] scenes = scenes();
    Map<ExitCode, Integer> exits = new EnumMap<>(ExitCode.class);
    Garbling[] kinds = Garbling.values();
    for (int i = 0; i < GARBLINGS; i++) {
      Garbling kind = kinds[i % kinds.length];
      Scene scene = scenes[i / kinds.length % scenes.length];
      byte[] answer = kind.of(scene.standby.bytes(), random);
      String what = kind + ", number " + i + ", seed " + seed;
      Rig rig = scene.before.copy();
      Failure failure = hear(rig, answer, scene, Playback.Cut.END_OF_STREAM, what);
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
      checkNextRun(scene, rig, failure == null, kind == Garbling.FRAME_FORGED, what);
    }
    assertThat(exits)
        .as("seed %d", seed)
        .containsKeys(ExitCode.TRANSPORT, ExitCode.PROTOCOL, ExitCode.INTEGRITY, ExitCode.LINEAGE);
  }

  /**
   * The source goes on with the real standby: with the one that made the epoch if it was
   * acknowledged, with the one that did not otherwise; with either if the source cannot know.
   */
  private void checkNextRun(
      Scene scene, Rig tried, boolean acknowledged, boolean forged, String what)
      throws IOException {
    boolean prepared = isPrepared(scene, tried);
    Rig source = tried.copy();
    if (!acknowledged) {
      checkCopy(source.on(source.sourceDisk, scene.before.copy().standbyDisk), forged, what);
    }
    if (acknowledged || prepared) {
      Rig other = tried.copy();
      checkCopy(other.on(other.sourceDisk, scene.after.copy().standbyDisk), forged, what);
    }
  }

  /** A forged STATE may name another epoch; then the real one is refused until it is compared. */
  private void checkCopy(Rig rig, boolean forged, String what) throws IOException {
    byte[] content = volume.next.clone();
    content[5000]++;
    rig.source(content);
    try {
      rig.replicate();
    } catch (Failure e) {
      assertThat(forged).as("%s: %s", what, e).isTrue();
      assertThat(e.exit()).as("%s: %s", what, e).isEqualTo(ExitCode.LINEAGE);
      rig.push(Purpose.REPLICATE, new Wishes(true, false, false, false, null, null));
    }
    assertThat(Arrays.equals(rig.image(), content)).as(what).isTrue();
  }

  /** Whether a committed journal says that the real standby may have committed the epoch. */
  private static boolean isPrepared(Scene scene, Rig tried) throws IOException {
    String record = scene.before.copy().sourceRecord();
    Rig source = tried.copy();
    try (StateDirectory directory = source.sourceDisk.directory(record);
        JournalRecovery journal = JournalRecovery.inspect(directory, Manifest.load(directory))) {
      return journal.committed() != null
          && journal
              .committed()
              .commit()
              .root()
              .equals(Objects.requireNonNull(scene.after.copy().manifest(), "after").root());
    }
  }

  private static @Nullable Failure hear(
      Rig rig, byte[] answer, Scene scene, Playback.Cut cut, String what) throws IOException {
    long start = System.nanoTime();
    @Nullable Failure failure = null;
    Ends ends = new Playback(answer, scene.standby, cut).ends();
    try (Session session = new Session(ends, Rig.SETTINGS, Monitor.SILENT)) {
      session.push("", rig.sourcePlace(), Purpose.REPLICATE, scene.wishes);
    } catch (Failure e) {
      failure = e;
    }
    assertThat(System.nanoTime() - start).as(what).isLessThan(PROMPT_NANOS);
    return failure;
  }

  private Scene[] scenes() throws IOException {
    return new Scene[] {
      scene(volume.cached(), Wishes.NONE),
      scene(volume.stored(), Wishes.NONE),
      scene(volume.cached(), SmallVolume.FULL)
    };
  }

  private static Scene scene(Rig before, Wishes wishes) throws IOException {
    Rig rig = before.copy();
    Recording standby = new Recording();
    Ends[] ends = Ends.pair();
    rig.session(
        new Ends[] {ends[0], standby.of(ends[1])},
        client -> client.push("", rig.sourcePlace(), Purpose.REPLICATE, wishes));
    return new Scene(before, rig, standby, wishes);
  }
}
