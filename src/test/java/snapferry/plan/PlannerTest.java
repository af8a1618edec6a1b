package snapferry.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static snapferry.plan.Situation.AGREED;
import static snapferry.plan.Situation.EPOCH;
import static snapferry.plan.Situation.OTHER_VOLUME;
import static snapferry.plan.Situation.SIZE;
import static snapferry.plan.Situation.STANDBY;
import static snapferry.plan.Situation.USUAL;
import static snapferry.plan.Situation.VOLUME;
import static snapferry.plan.Situation.absent;
import static snapferry.plan.Situation.bare;
import static snapferry.plan.Situation.lineage;
import static snapferry.plan.Situation.root;
import static snapferry.plan.Situation.seeding;
import static snapferry.plan.Situation.shape;
import static snapferry.plan.Situation.standing;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import snapferry.delta.HashKind;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.extent.BlockSize;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.Basis;
import snapferry.wire.Plan;
import snapferry.wire.Purpose;

/** What is planned in which situation, and what is refused with which words. */
@NullMarked
class PlannerTest {
  private static final long GREW = SIZE + 512;
  private static final long SHRANK = SIZE - 512;
  private static final int SMALL = 8192;

  /** A situation in which the session goes on. */
  record Planned(String when, Situation situation, Basis basis, long epoch) {
    @Override
    public String toString() {
      return when;
    }
  }

  /** A situation in which the target must not be written, and words that the operator needs. */
  record Refused(String when, Situation situation, ExitCode exit, List<String> words) {
    @Override
    public String toString() {
      return when;
    }
  }

  static final List<Planned> PLANNED =
      List.of(
          planned("both ends agree", AGREED, Basis.CACHED, 8),
          planned("the source has no record", USUAL, Basis.STORED, 8),
          planned("the source lost its signature", known(shape(SIZE), false), Basis.STORED, 8),
          planned("the source's signature has other blocks", known(small(), true), Basis.STORED, 8),
          planned("the standby lost its signature", unsigned(AGREED), Basis.READ, 8),
          planned("the device is larger", AGREED.on(true, GREW), Basis.CACHED, 8),
          planned("all is to be read", AGREED.full(), Basis.READ, 8),
          planned("a known standby is to be adopted", AGREED.init(), Basis.READ, 8),
          planned("a file is to grow", AGREED.sourceSize(GREW).grow(), Basis.READ, 8),
          planned("a file grew already", AGREED.on(false, GREW).sourceSize(GREW), Basis.READ, 8),
          planned("a device grew already", AGREED.on(true, GREW).sourceSize(GREW), Basis.READ, 8),
          planned("the blocks that are there are wished", AGREED.blocks(64 << 10), Basis.CACHED, 8),
          planned("other blocks, and all is read", AGREED.blocks(SMALL).full(), Basis.READ, 8),
          planned(
              "other blocks, and all is read because the file grows",
              AGREED.blocks(SMALL).sourceSize(GREW).grow(),
              Basis.READ,
              8),
          planned("another hash, and all is read", sha256(AGREED).full(), Basis.READ, 8),
          planned("an older standby is to be adopted", at(5, 5).init(), Basis.READ, 6),
          planned("a lost record is to be made up for", USUAL.fresh().init(), Basis.READ, 8),
          planned("there is no target", USUAL.target(absent()), Basis.ZERO, 1),
          planned("neither end has anything", USUAL.target(absent()).fresh(), Basis.ZERO, 1),
          planned("a bare target may be adopted", bareTarget().init(), Basis.READ, 1),
          planned(
              "a bare device that is larger may be adopted",
              bareTarget().init().on(true, GREW),
              Basis.READ,
              1),
          planned(
              "a bare file that is shorter may be adopted and grow",
              bareTarget().init().grow().sourceSize(GREW),
              Basis.READ,
              1),
          planned(
              "a damaged target may be adopted", USUAL.target(bare(true)).init(), Basis.READ, 1),
          planned("a seed goes on", USUAL.target(seeding(VOLUME)), Basis.READ, 1),
          planned(
              "a seed goes on with other blocks",
              USUAL.target(seeding(VOLUME)).blocks(SMALL),
              Basis.READ,
              1),
          planned(
              "a seed goes on at another size of the device",
              USUAL.target(seeding(VOLUME)).on(true, SIZE).sourceSize(SHRANK),
              Basis.READ,
              1),
          planned(
              "a seed goes on although the record was lost",
              USUAL.target(seeding(VOLUME)).fresh().init(),
              Basis.READ,
              1),
          planned("to verify", AGREED.purpose(Purpose.VERIFY), Basis.READ, EPOCH),
          planned(
              "to verify a larger device",
              AGREED.on(true, GREW).purpose(Purpose.VERIFY),
              Basis.READ,
              EPOCH),
          planned(
              "to verify another volume's standby",
              USUAL.fresh().purpose(Purpose.VERIFY),
              Basis.READ,
              EPOCH),
          planned("to verify a bare file", bareTarget().purpose(Purpose.VERIFY), Basis.READ, 0),
          planned(
              "to verify a larger bare device",
              bareTarget().on(true, GREW).purpose(Purpose.VERIFY),
              Basis.READ,
              0));

  static final List<Refused> REFUSED =
      List.of(
          refused(
              "the file is shorter",
              AGREED.sourceSize(GREW),
              ExitCode.SIZE,
              "the source has 10,486,272 bytes",
              "the target only 10,485,760 bytes",
              "--grow"),
          refused(
              "the device is smaller, whatever is wished",
              AGREED.sourceSize(GREW).on(true, SIZE).grow().init(),
              ExitCode.SIZE,
              "the target device only 10,485,760 bytes",
              "lvextend"),
          refused(
              "the file is longer, whatever is wished",
              AGREED.sourceSize(SHRANK).grow().init(),
              ExitCode.SIZE,
              "the source only 10,485,248 bytes",
              "truncate -s 10485248",
              "--init"),
          refused(
              "the source shrank, and the target is a device",
              AGREED.on(true, SIZE).sourceSize(SHRANK).init(),
              ExitCode.SIZE,
              "shrank from 10,485,760 bytes to 10,485,248 bytes",
              "Seed a new one"),
          refused(
              "the standby is older than what it acknowledged",
              at(6, 6),
              ExitCode.LINEAGE,
              "the standby is at epoch 6",
              "acknowledged epoch 7",
              "--init"),
          refused("the standby is newer", at(8, 8), ExitCode.LINEAGE, "at epoch 8", "--init"),
          refused(
              "the standby has another content",
              at(7, 8),
              ExitCode.LINEAGE,
              root(7).brief(),
              root(8).brief(),
              "--init"),
          refused("to read all is not to adopt", at(6, 6).full(), ExitCode.LINEAGE, "--init"),
          refused(
              "another volume's standby",
              foreign(),
              ExitCode.LINEAGE,
              "epoch 7 of volume " + OTHER_VOLUME,
              "/dev/vg/vol0 is volume " + VOLUME,
              "remove its state directory and run with --init"),
          refused(
              "another volume's standby, to be adopted by a source that has a record",
              foreign().init(),
              ExitCode.LINEAGE,
              "remove its state directory and run with --init"),
          refused(
              "a standby of which a source without a record knows nothing",
              USUAL.fresh(),
              ExitCode.LINEAGE,
              "epoch 7 of volume " + VOLUME,
              "no record",
              "--init"),
          refused(
              "other blocks, but nothing is read",
              AGREED.blocks(SMALL),
              ExitCode.USAGE,
              "blocks of 65,536 bytes",
              "--full"),
          refused(
              "another hash, but nothing is read",
              sha256(AGREED),
              ExitCode.USAGE,
              "fast128",
              "--full"),
          refused("a bare target", bareTarget(), ExitCode.LINEAGE, "not known", "--init"),
          refused(
              "a bare file that is longer",
              bareTarget().sourceSize(SHRANK).init(),
              ExitCode.SIZE,
              "truncate -s 10485248"),
          refused(
              "a bare file that is shorter",
              bareTarget().sourceSize(GREW).init(),
              ExitCode.SIZE,
              "--grow"),
          refused(
              "a damaged target",
              USUAL.target(bare(true)),
              ExitCode.INTEGRITY,
              "damaged",
              "may be between two epochs",
              "--init"),
          refused(
              "another volume's seed",
              USUAL.target(seeding(OTHER_VOLUME)),
              ExitCode.LINEAGE,
              "half-seeded standby of volume " + OTHER_VOLUME),
          refused(
              "another volume's seed, to be adopted",
              USUAL.target(seeding(OTHER_VOLUME)).init(),
              ExitCode.LINEAGE,
              "remove its state directory and run with --init"),
          refused(
              "a seed of which a source without a record knows nothing",
              USUAL.target(seeding(VOLUME)).fresh(),
              ExitCode.LINEAGE,
              "half-seeded standby",
              "--init"));

  @ParameterizedTest
  @FieldSource("PLANNED")
  void theBasisIsTheCheapestThatCanBeTrusted(Planned row) throws Failure {
    Plan plan = row.situation().plan();
    assertThat(plan.basis()).isEqualTo(row.basis());
    assertThat(plan.epoch()).isEqualTo(row.epoch());
    assertThat(plan.purpose()).isEqualTo(row.situation().purpose());
    assertThat(plan.shape().geometry().size()).isEqualTo(row.situation().source().size());
  }

  @ParameterizedTest
  @FieldSource("REFUSED")
  void aRefusalSaysWhatIsWrongWhatIsIntactAndWhatToDo(Refused row) {
    for (Purpose purpose : List.of(Purpose.REPLICATE, Purpose.DRY_RUN)) {
      Failure failure = failure(row.situation().purpose(purpose));
      assertThat(failure.exit()).as("%s", failure).isEqualTo(row.exit());
      assertThat(failure).hasMessageContainingAll(row.words().toArray(String[]::new));
      assertThat(failure.getMessage()).containsIgnoringCase("nothing was touched");
    }
  }

  @Test
  void aPlanForAStandbyIsOfItsLineageAndFollowsItsEpoch() throws Failure {
    for (Situation situation :
        List.of(AGREED, USUAL, AGREED.full(), at(5, 5).init(), USUAL.fresh().init())) {
      Plan plan = situation.plan();
      assertThat(plan.volume()).isEqualTo(VOLUME);
      assertThat(plan.standby()).isEqualTo(STANDBY);
      assertThat(plan.shape().key()).isEqualTo(Situation.KEY);
      assertThat(plan.basisEpoch()).isEqualTo(plan.epoch() - 1);
      assertThat(plan.basisRoot()).isEqualTo(root(plan.basisEpoch()));
    }
  }

  @Test
  void aNewTargetGetsTheSourcesIdentityANameOfItsOwnAndTheWishedShape() throws Failure {
    Situation absent = USUAL.target(absent());
    Plan plan = absent.plan();
    assertThat(plan.volume()).isEqualTo(VOLUME);
    assertThat(plan.shape()).isEqualTo(shape(SIZE, BlockSize.DEFAULT.bytes(), HashKind.FAST128));
    assertThat(plan.basisEpoch()).isZero();
    assertThat(plan.basisRoot()).isEqualTo(RootHash.NONE);
    assertThat(plan.standby()).isNotEqualTo(absent.plan().standby());
    assertThat(sha256(absent).blocks(SMALL).plan().shape())
        .isEqualTo(shape(SIZE, SMALL, HashKind.SHA256));
  }

  @Test
  void anAdoptedTargetDoesNotKeepTheNameThatItHad() throws Failure {
    assertThat(USUAL.target(bare(true)).init().plan().standby()).isNotEqualTo(STANDBY);
  }

  @Test
  void whoKeepsABlockSizeKeepsTheStandbysAndWhoChangesItChangesOnlyThat() throws Failure {
    Situation standing = AGREED.target(standing(lineage(VOLUME, EPOCH, EPOCH, small(), true)));
    assertThat(standing.plan().shape()).isEqualTo(small());
    assertThat(standing.blocks(1 << 20).full().plan().shape())
        .isEqualTo(shape(SIZE, 1 << 20, HashKind.FAST128));
    assertThat(sha256(standing).full().plan().shape())
        .isEqualTo(shape(SIZE, SMALL, HashKind.SHA256));
  }

  @Test
  void aVerificationMakesNoEpoch() throws Failure {
    Plan standing = AGREED.purpose(Purpose.VERIFY).plan();
    assertThat(standing.basisEpoch()).isEqualTo(EPOCH);
    assertThat(standing.basisRoot()).isEqualTo(root(EPOCH));
    assertThat(standing.standby()).isEqualTo(STANDBY);
    Plan bare = bareTarget().purpose(Purpose.VERIFY).plan();
    assertThat(bare.basisEpoch()).isZero();
    assertThat(bare.standby()).isEqualTo(new UUID(0, 0));
  }

  @Test
  void aVerificationThatNeedsNoReadingEndsWithWhatIsKnown() {
    Failure absent = failure(USUAL.target(absent()).purpose(Purpose.VERIFY));
    assertThat(absent.exit()).isEqualTo(ExitCode.FAILED);
    for (Situation other :
        List.of(
            AGREED.sourceSize(GREW),
            AGREED.sourceSize(SHRANK),
            AGREED.on(false, GREW),
            AGREED.on(true, GREW).sourceSize(GREW),
            bareTarget().sourceSize(SHRANK),
            bareTarget().on(true, SIZE).sourceSize(GREW))) {
      Failure different = failure(other.purpose(Purpose.VERIFY));
      assertThat(different.exit()).as("%s", other).isEqualTo(ExitCode.DIFFERENT);
      assertThat(different).hasMessageContaining("the source has").hasMessageContaining("bytes");
    }
  }

  private static Failure failure(Situation situation) {
    Failure failure = catchThrowableOfType(Failure.class, situation::plan);
    assertThat(failure).as("%s", situation).isNotNull();
    return failure;
  }

  private static Planned planned(String when, Situation situation, Basis basis, long epoch) {
    return new Planned(when, situation, basis, epoch);
  }

  private static Refused refused(String when, Situation situation, ExitCode exit, String... words) {
    return new Refused(when, situation, exit, List.of(words));
  }

  private static SignatureShape small() {
    return shape(SIZE, SMALL, HashKind.FAST128);
  }

  private static Situation known(SignatureShape shape, boolean signature) {
    return USUAL.acknowledged(EPOCH, EPOCH, shape, signature);
  }

  /** The standby is not where it was when this source heard of it last. */
  private static Situation at(long epoch, long content) {
    return AGREED.target(standing(lineage(VOLUME, epoch, content, shape(SIZE), true)));
  }

  private static Situation unsigned(Situation situation) {
    return situation.target(standing(lineage(VOLUME, EPOCH, EPOCH, shape(SIZE), false)));
  }

  private static Situation foreign() {
    return USUAL.target(standing(lineage(OTHER_VOLUME, EPOCH, EPOCH, shape(SIZE), true)));
  }

  private static Situation bareTarget() {
    return USUAL.target(bare(false));
  }

  private static Situation sha256(Situation situation) {
    return situation.hash(HashKind.SHA256);
  }
}
