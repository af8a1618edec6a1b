package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import snapferry.delta.HashKind;
import snapferry.extent.BlockSize;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/**
 * Whatever the volume, its blocks, its hash and the history of both ends: after a run the image is
 * a copy of the source, byte for byte.
 */
@NullMarked
class OracleTest {
  private static final int HISTORIES = 60;
  private static final int MAX_SECTORS = 1200;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  @Test
  void theImageIsACopyAfterEveryRunOfAnyHistory() throws IOException {
    for (int i = 0; i < HISTORIES; i++) {
      history("seed " + seed + ", history " + i);
    }
  }

  @Test
  void blocksOfEverySizeAndBothHashesMakeACopy() throws IOException {
    for (HashKind hash : HashKind.values()) {
      for (int bytes = BlockSize.PAGE; bytes <= BlockSize.MAX; bytes *= 2) {
        Wishes wishes = new Wishes(false, false, false, false, hash, new BlockSize(bytes));
        Rig rig = new Rig();
        byte[] content = Volumes.random(random, bytes + bytes / 2 + 5 * BlockSize.SECTOR);
        String what = "blocks of " + bytes + ", " + hash + ", seed " + seed;
        for (int epoch = 1; epoch <= 3; epoch++) {
          rig.source(content);
          rig.push(Purpose.REPLICATE, wishes);
          assertThat(Arrays.equals(rig.image(), content)).as("%s, epoch %d", what, epoch).isTrue();
          content = Volumes.edited(random, content, 4);
        }
      }
    }
  }

  /** A seed, and some runs between which the source changes, grows, or one end forgets. */
  private void history(String what) throws IOException {
    Rig rig = new Rig();
    rig.targetIsDevice = random.nextInt(3) == 0;
    byte[] content = Volumes.random(random, sectors(1 + random.nextInt(MAX_SECTORS)));
    rig.source(content);
    byte[] tail = rig.targetIsDevice ? bareDevice(rig, content) : new byte[0];
    Wishes first = new Wishes(rig.targetIsDevice, false, false, false, anyHash(), anyBlockSize());
    run(rig, first, content, tail, what + ", first run of " + content.length + " " + first);
    for (int epoch = 2; epoch < 7; epoch++) {
      String step = what + ", epoch " + epoch;
      Wishes wishes = Wishes.NONE;
      switch (random.nextInt(6)) {
        case 0 -> wishes = new Wishes(false, false, true, false, null, null);
        case 1 -> wishes = new Wishes(false, false, true, false, anyHash(), anyBlockSize());
        case 2 -> rig = rig.rebooted(random);
        case 3 -> {
          forget(rig);
          wishes = new Wishes(true, false, false, false, null, null);
        }
        case 4 -> {
          if (!rig.targetIsDevice) {
            content = Arrays.copyOf(content, content.length + sectors(random.nextInt(200)));
            wishes = new Wishes(false, true, false, false, null, null);
          }
        }
        default -> {}
      }
      content = Volumes.edited(random, content, random.nextInt(6));
      rig.source(content);
      run(rig, wishes, content, tail, step + " " + wishes);
    }
  }

  private void run(Rig rig, Wishes wishes, byte[] content, byte[] tail, String what)
      throws IOException {
    Summary summary =
        random.nextBoolean()
            ? rig.push(Purpose.REPLICATE, wishes)
            : rig.pull(Purpose.REPLICATE, wishes);
    byte[] expected = Arrays.copyOf(content, content.length + tail.length);
    System.arraycopy(tail, 0, expected, content.length, tail.length);
    assertThat(Arrays.equals(rig.image(), expected)).as(what).isTrue();
    try (Standby standby = rig.open()) {
      assertThat(ImageVerification.verify(standby, Monitor.SILENT).isSound()).as(what).isTrue();
      assertThat(standby.manifest()).as(what).isNotNull();
      assertThat(standby.manifest().root()).as(what).isEqualTo(summary.root());
    }
  }

  /**
   * A device that holds something else and is a bit longer; returns what lies behind the volume.
   */
  private byte[] bareDevice(Rig rig, byte[] content) {
    byte[] tail = new byte[sectors(random.nextInt(100))];
    random.nextBytes(tail);
    byte[] start =
        random.nextBoolean()
            ? Volumes.edited(random, content, 5)
            : Volumes.random(random, content.length);
    byte[] bare = Arrays.copyOf(start, content.length + tail.length);
    System.arraycopy(tail, 0, bare, content.length, tail.length);
    rig.bareImage(bare);
    return tail;
  }

  /** The source forgets who it is, what the standby acknowledged, or both. */
  private void forget(Rig rig) throws IOException {
    if (random.nextBoolean()) {
      StateFile.of(rig.sourceDisk, rig.sourceRecord(), "manifest").delete();
    }
    if (random.nextBoolean()) {
      StateFile.of(rig.sourceDisk, Rig.IDENTITY, "volume").delete();
    }
  }

  private static int sectors(int count) {
    return count * BlockSize.SECTOR;
  }

  private @Nullable HashKind anyHash() {
    return random.nextBoolean() ? HashKind.SHA256 : null;
  }

  private BlockSize anyBlockSize() {
    return new BlockSize(BlockSize.PAGE << random.nextInt(9));
  }
}
