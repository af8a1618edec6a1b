package snapferry.replicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import snapferry.change.ChangeMap;
import snapferry.delta.SignatureLayout;
import snapferry.device.BlockDevice;
import snapferry.device.HostileDisk;
import snapferry.device.StateDirectory;
import snapferry.extent.BlockSize;
import snapferry.extent.Extent;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.Manifest;
import snapferry.journal.StateFiles;
import snapferry.patrol.Beat;
import snapferry.patrol.BeatFile;
import snapferry.patrol.Moment;
import snapferry.wire.Patrolled;
import snapferry.wire.Purpose;
import snapferry.wire.Wishes;

/** What lied or rotted is found, said and made right within a period. */
@NullMarked
class PatrolTest {
  private static final Duration PERIOD = Duration.ofDays(30);
  private static final int BLOCK = BlockSize.PAGE;
  private static final int BLOCKS = 700;
  private static final int ZEROS = 400;
  private static final Wishes SMALL_BLOCKS =
      new Wishes(false, false, false, false, null, new BlockSize(BLOCK));

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final byte[] content = new byte[BLOCKS * BLOCK - 512];
  private final Notes notes = new Notes();
  private final Rig rig = new Rig();

  @BeforeEach
  void seedAStandby() throws IOException {
    random.nextBytes(content);
    Arrays.fill(content, ZEROS * BLOCK, (ZEROS + 50) * BLOCK, (byte) 0);
    rig.monitor = notes;
    rig.settings = Rig.SETTINGS.withPatrol(PERIOD);
    rig.source(content);
    rig.push(Purpose.REPLICATE, SMALL_BLOCKS);
    rig.hint = new ChangeMap("hint", content.length);
    assertThat(notes.warnings).isEmpty();
  }

  /** A run after so much of the period. */
  private Patrolled patrol(double part) throws IOException {
    return patrol(rig, part);
  }

  private Patrolled patrol(Rig ends, double part) throws IOException {
    pass(ends, part);
    return Objects.requireNonNull(ends.replicate().patrolled(), "a patrol");
  }

  private static void pass(Rig ends, double part) {
    long passed = (long) (PERIOD.toMillis() * part);
    ends.now = new Moment(ends.now.boot(), ends.now.uptime() + passed, 0);
  }

  private static void flip(HostileDisk disk, int at) throws IOException {
    try (BlockDevice image = disk.file(Rig.IMAGE, 0)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      image.read(at, one);
      image.write(at, one.put(0, (byte) (one.get(0) ^ 4)).flip());
      image.sync();
    }
  }

  /** A block that is not zeros. */
  private int block() {
    int block = random.nextInt(BLOCKS - 50);
    return block < ZEROS ? block : block + 50;
  }

  private void assertRight(Rig ends) throws IOException {
    assertThat(Arrays.equals(ends.image(), content)).as("seed %d", seed).isTrue();
    try (Standby standby = ends.open()) {
      assertThat(ImageVerification.verify(standby, Monitor.SILENT).isSound())
          .as("seed %d", seed)
          .isTrue();
    }
  }

  @Test
  void withoutAPatrolALyingHintAndARottenImageStayWrong() throws IOException {
    rig.settings = Rig.SETTINGS;
    flip(rig.standbyDisk, block() * BLOCK);
    byte[] rotten = rig.image();
    content[block() * BLOCK] ^= 1;
    rig.source(content);
    for (int i = 0; i < 3; i++) {
      pass(rig, 1);
      assertThat(rig.replicate().patrolled()).isNull();
    }
    assertThat(rig.image()).isEqualTo(rotten);
    assertThat(notes.warnings).isEmpty();
  }

  @Test
  void aBlockThatNoHintNamedIsSentWithinThePeriod() throws IOException {
    int missed = block();
    content[missed * BLOCK + 17] ^= 1;
    rig.source(content);
    int runs = 0;
    long read = 0;
    while (notes.warnings.isEmpty()) {
      Patrolled did = patrol(0.1);
      read += did.bytes();
      runs++;
      assertThat(runs).as("seed %d", seed).isLessThanOrEqualTo(10);
    }
    assertThat(notes.warnings)
        .singleElement()
        .asString()
        .contains(
            "1 block (4096 bytes at offset " + missed * BLOCK + ") changed, and hint had not");
    assertThat(read).isLessThanOrEqualTo(2L * content.length + 20L * BLOCK);
    assertRight(rig);
    notes.warnings.clear();
    assertThat(patrol(1)).isEqualTo(new Patrolled(2L * content.length, 0, 0, 100));
    assertThat(notes.warnings).isEmpty();
  }

  @Test
  void aChangeThatTheHintNamesIsNoLie() throws IOException {
    int changed = block();
    content[changed * BLOCK] ^= 1;
    rig.source(content);
    ChangeMap hint = new ChangeMap("hint", content.length);
    hint.mayDiffer(new Extent((long) changed * BLOCK, 1));
    rig.hint = hint;
    assertThat(patrol(1).found()).isZero();
    assertThat(notes.warnings).as("seed %d", seed).isEmpty();
    assertRight(rig);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRottenBlockOfTheImageIsReplacedWithinThePeriod(boolean pulled) throws IOException {
    int[] rotten = {block(), ZEROS + random.nextInt(50), BLOCKS - 1};
    for (int block : rotten) {
      flip(rig.standbyDisk, block * BLOCK + random.nextInt(500));
    }
    Patrolled all = new Patrolled(0, 0, 0, 100);
    for (int run = 0; run < 10; run++) {
      pass(rig, 0.1);
      Summary summary = pulled ? rig.pull(Purpose.REPLICATE, Wishes.NONE) : rig.replicate();
      all = all.and(Objects.requireNonNull(summary.patrolled(), "a patrol"));
    }
    assertThat(all.found()).as("seed %d", seed).isEqualTo(Arrays.stream(rotten).distinct().count());
    assertThat(all.bytes()).isBetween(2L * content.length, 2L * content.length + 40L * BLOCK);
    assertThat(String.join("\n", notes.warnings))
        .contains("patrol: ", "at offset " + ((BLOCKS - 1) * BLOCK), "made what the source holds");
    assertRight(rig);
  }

  @Test
  void aRottenBlockThatTheEpochChangesOrClearsIsMadeRightToo() throws IOException {
    int changed = random.nextInt(100);
    int cleared = 100 + random.nextInt(100);
    for (int block : new int[] {changed, cleared}) {
      flip(rig.standbyDisk, block * BLOCK + 9);
    }
    content[changed * BLOCK + 1000] ^= 1;
    Arrays.fill(content, cleared * BLOCK, (cleared + 1) * BLOCK, (byte) 0);
    rig.source(content);
    ChangeMap hint = new ChangeMap("hint", content.length);
    hint.mayDiffer(new Extent((long) changed * BLOCK, BLOCK));
    hint.isZero(new Extent((long) cleared * BLOCK, BLOCK));
    rig.hint = hint;
    // At first the slice is elsewhere: who changes a block looks at it all the same.
    Rig first = rig.copy();
    assertThat(patrol(first, random.nextBoolean() ? 1 : 0.0001).found())
        .as("seed %d", seed)
        .isEqualTo(2);
    assertRight(first);
    Rig second = rig.copy();
    second.settings = Rig.SETTINGS;
    Failure failure = catchThrowableOfType(Failure.class, second::replicate);
    assertThat(failure.exit()).as("without a patrol").isEqualTo(ExitCode.INTEGRITY);
  }

  @Test
  void aRottenSignatureOfTheStandbyIsMadeRight() throws IOException {
    Manifest manifest = Objects.requireNonNull(rig.manifest(), "a standby");
    SignatureLayout layout = new SignatureLayout(manifest.shape());
    long[] begins = {
      layout.hashes() + block() * 16L,
      layout.nodes(1) + random.nextInt(3) * 32L,
      layout.nodes(2),
      layout.pageSums() + block() * 12L,
      layout.hashes() + (ZEROS + 7) * 16L
    };
    Rig before = rig.copy();
    for (long begin : begins) {
      Rig rotten = before.copy();
      notes.warnings.clear();
      int at = Math.toIntExact(begin) + random.nextInt(12);
      StateFile.of(rotten.standbyDisk, Rig.STATE, StateFiles.SIGNATURE).flip(at, 1);
      assertThat(patrol(rotten, 1).found()).as("byte %d, seed %d", at, seed).isEqualTo(1);
      assertThat(notes.warnings)
          .as("byte %d, seed %d", at, seed)
          .singleElement()
          .asString()
          .contains("made right from the image");
      assertRight(rotten);
    }
  }

  @Test
  void whereImageAndSignatureRotTogetherTheNextRunReadsEverything() throws IOException {
    Manifest manifest = Objects.requireNonNull(rig.manifest(), "a standby");
    long hashes = new SignatureLayout(manifest.shape()).hashes();
    StateFile.of(rig.standbyDisk, Rig.STATE, StateFiles.SIGNATURE)
        .flip(Math.toIntExact(hashes + 5 * 16), 1);
    flip(rig.standbyDisk, 9 * BLOCK);
    Failure failure = catchThrowableOfType(Failure.class, () -> patrol(1));
    assertThat(failure.exit()).as("%s", failure).isEqualTo(ExitCode.INTEGRITY);
    assertThat(failure).hasMessageContaining("next run reads the whole image");
    rig.hint = null;
    assertThat(rig.replicate().blocksChanged()).isEqualTo(1);
    assertRight(rig);
  }

  @Test
  void aRottenRecordOfTheSourceIsMadeRight() throws IOException {
    Manifest manifest = Objects.requireNonNull(rig.manifest(), "a standby");
    long hashes = new SignatureLayout(manifest.shape()).hashes();
    int block = block();
    StateFile record = StateFile.of(rig.sourceDisk, rig.sourceRecord(), StateFiles.SIGNATURE);
    byte[] sound = record.load();
    record.flip(Math.toIntExact(hashes + block * 16L), 1);
    assertThat(patrol(1).found()).as("seed %d", seed).isEqualTo(1);
    assertThat(notes.warnings).singleElement().asString().contains("at offset " + (block * BLOCK));
    assertThat(record.load()).isEqualTo(sound);
    assertRight(rig);
  }

  @Test
  void aRunThatFailsPatrolledNothing() throws IOException {
    patrol(0.25);
    Beat source = beat(rig.sourceDisk, rig.sourceRecord());
    Beat standby = beat(rig.standbyDisk, Rig.STATE);
    assertThat(source.cursor()).isEqualTo((BLOCKS + 3) / 4).isEqualTo(standby.cursor());
    String record = rig.sourceRecord();
    Rig broken = rig.copy();
    pass(broken, 0.25);
    broken.standbyDisk.crashAt(3, random);
    assertThat(catchThrowableOfType(Failure.class, broken::replicate)).isNotNull();
    Rig again = broken.copy();
    assertThat(beat(again.sourceDisk, record)).isEqualTo(source);
    assertThat(beat(again.standbyDisk, Rig.STATE)).isEqualTo(standby);
    // What was not looked at is looked at now, and what came due meanwhile.
    assertThat(patrol(again, 0.25).bytes()).isGreaterThanOrEqualTo(content.length);
  }

  private static Beat beat(HostileDisk disk, String directory) throws IOException {
    try (StateDirectory state = disk.directory(directory)) {
      return Objects.requireNonNull(BeatFile.load(state), directory);
    }
  }

  @Test
  void aDamagedRecordOfThePatrolIsSaidAndBeginsAnew() throws IOException {
    patrol(0.5);
    StateFile.of(rig.standbyDisk, Rig.STATE, BeatFile.NAME).flip(40, 1);
    assertThat(patrol(0.1).coverage()).isZero();
    assertThat(notes.warnings).singleElement().asString().contains("it begins anew");
    assertThat(patrol(1).coverage()).isEqualTo(100);
  }

  @Test
  void whereEverythingIsReadOnlyTheStandbyHasSomethingToPatrol() throws IOException {
    rig.hint = null;
    assertThat(patrol(1)).isEqualTo(new Patrolled(content.length, 0, 0, 100));
  }

  @ParameterizedTest
  @EnumSource
  void whateverTheDisksDoNothingThatIsWrongIsPassedBy(Breakage breakage) throws IOException {
    List<Function<Rig, HostileDisk>> ends =
        List.of(each -> each.standbyDisk, each -> each.sourceDisk);
    byte[] small = Arrays.copyOf(content, 20 * BLOCK);
    Rig before = standingWithFaults(small);
    byte[] rotten = before.image();
    for (Function<Rig, HostileDisk> end : ends) {
      boolean over = false;
      for (int n = 0; !over; n++) {
        String what = breakage + " at operation " + n + ", seed " + seed;
        Rig broken = before.copy();
        pass(broken, 0.3);
        breakage.arm(end.apply(broken), n, random);
        try {
          broken.replicate();
          over = end.apply(broken).operations() <= n;
        } catch (IOException e) {
          // Which is what it was made to do.
        }
        Rig after = broken.rebooted(random);
        after.open().close();
        boolean old = Arrays.equals(after.image(), rotten);
        assertThat(old || Arrays.equals(after.image(), small)).as(what).isTrue();
        assertThat(beat(after.standbyDisk, Rig.STATE).cursor() == 0 || !old).as(what).isTrue();
        patrol(after, 0.3);
        assertThat(after.image()).as(what).isEqualTo(small);
      }
    }
  }

  /** A standby of which a block rotted, and a source with a change that no hint names. */
  private Rig standingWithFaults(byte[] small) throws IOException {
    Rig ends = new Rig();
    ends.settings = rig.settings;
    ends.hint = new ChangeMap("hint", small.length);
    ends.source(small);
    ends.push(Purpose.REPLICATE, SMALL_BLOCKS);
    flip(ends.standbyDisk, 3 * BLOCK);
    small[5 * BLOCK] ^= 1;
    ends.source(small);
    return ends;
  }
}
