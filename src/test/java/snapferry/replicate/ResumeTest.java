package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.extent.BlockSize;
import snapferry.journal.ImageState;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** A seed that was cut off goes on, and sends nothing again that is durable. */
@NullMarked
class ResumeTest {
  private static final int BLOCK = 8192;
  private static final int BLOCKS = 64;
  private static final Wishes SMALL_BLOCKS =
      new Wishes(false, false, false, false, null, new BlockSize(BLOCK));

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final byte[] content = new byte[BLOCKS * BLOCK + 512];

  ResumeTest() {
    random.nextBytes(content);
  }

  @Test
  void whatSurvivedIsNotSentAgain() throws IOException {
    for (int written = 1; written < BLOCKS; written += 7) {
      for (boolean pull : new boolean[] {false, true}) {
        resume(written, pull);
      }
    }
  }

  private void resume(int written, boolean pull) throws IOException {
    String what = written + " writes, pull " + pull + ", seed " + seed;
    Rig rig = new Rig();
    rig.source(content);
    // Some operations come before the first block, which takes one.
    rig.standbyDisk.crashAt(6 + written, random);
    assertThat(runs(rig, pull)).as(what).isFalse();
    Rig again = rig.rebooted(random);
    assertThat(Objects.requireNonNull(again.manifest(), what).state())
        .as(what)
        .isEqualTo(ImageState.SEEDING);
    long missing = again.hasImage() ? missing(again.image()) : content.length;
    Summary summary =
        pull
            ? again.pull(Purpose.REPLICATE, Wishes.NONE)
            : again.push(Purpose.REPLICATE, Wishes.NONE);
    assertThat(summary.epoch()).as(what).isEqualTo(1);
    assertThat(summary.literalBytes()).as(what).isEqualTo(missing);
    assertThat(summary.bytesWritten()).as(what).isEqualTo(missing);
    assertThat(Arrays.equals(again.image(), content)).as(what).isTrue();
  }

  @Test
  void whatWasWrittenIsNotSentAgainWhenOnlyTheProcessDied() throws IOException {
    Rig rig = new Rig();
    rig.source(content);
    rig.standbyDisk.crashAt(BLOCKS / 2, random);
    assertThat(runs(rig, false)).as("seed %d", seed).isFalse();
    Rig again = rig.on(rig.sourceDisk.rebootKeepingAll(), rig.standbyDisk.rebootKeepingAll());
    long missing = missing(again.image());
    assertThat(missing).as("seed %d", seed).isLessThan(content.length * 3L / 4);
    assertThat(again.replicate().literalBytes()).as("seed %d", seed).isEqualTo(missing);
    assertThat(Arrays.equals(again.image(), content)).isTrue();
  }

  @Test
  void aSeedOfASourceThatChangedMeanwhileEndsInWhatTheSourceHoldsNow() throws IOException {
    Rig rig = new Rig();
    rig.source(content);
    rig.standbyDisk.crashAt(40, random);
    assertThat(runs(rig, false)).as("seed %d", seed).isFalse();
    Rig again = rig.rebooted(random);
    byte[] now = Volumes.edited(random, content, 10);
    again.source(now);
    again.replicate();
    assertThat(Arrays.equals(again.image(), now)).as("seed %d", seed).isTrue();
  }

  /** Bytes of the pages that the image does not hold. */
  private long missing(byte[] image) {
    long missing = 0;
    for (int at = 0; at < content.length; at += BlockSize.PAGE) {
      int end = Math.min(content.length, at + BlockSize.PAGE);
      boolean there = end <= image.length && Arrays.equals(content, at, end, image, at, end);
      missing += there ? 0 : end - at;
    }
    return missing;
  }

  private static boolean runs(Rig rig, boolean pull) {
    try {
      if (pull) {
        rig.pull(Purpose.REPLICATE, SMALL_BLOCKS);
      } else {
        rig.push(Purpose.REPLICATE, SMALL_BLOCKS);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
