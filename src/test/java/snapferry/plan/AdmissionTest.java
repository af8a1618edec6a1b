package snapferry.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static snapferry.plan.Situation.AGREED;
import static snapferry.plan.Situation.EPOCH;
import static snapferry.plan.Situation.OTHER_VOLUME;
import static snapferry.plan.Situation.SIZE;
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
import java.util.function.Consumer;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import snapferry.delta.HashKind;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.Basis;
import snapferry.wire.Plan;
import snapferry.wire.Purpose;

/** What a standby admits and, of plans that no sane source makes, what it refuses. */
@NullMarked
class AdmissionTest {
  private static final long GREW = SIZE + 512;
  private static final long SHRANK = SIZE - 512;
  private static final Situation ABSENT = USUAL.target(absent());
  private static final Situation ADOPTED = USUAL.target(bare(false)).init();
  private static final Situation SEEDING = USUAL.target(seeding(VOLUME));
  private static final Situation READ = AGREED.full();
  private static final Situation VERIFIED = AGREED.purpose(Purpose.VERIFY);

  /** A plan that fits the situation but for one thing. */
  record Lie(String what, Situation situation, Consumer<Forgery> told, ExitCode exit) {
    @Override
    public String toString() {
      return what;
    }
  }

  static final List<Lie> LIES =
      List.of(
          lie("standing: another volume", AGREED, p -> p.volume = OTHER_VOLUME, ExitCode.LINEAGE),
          lie("standing: another copy", AGREED, p -> p.standby = new UUID(8, 8), ExitCode.LINEAGE),
          lie("standing: the epoch that is there", AGREED, p -> p.epoch = 7, ExitCode.LINEAGE),
          lie("standing: an epoch too far", AGREED, p -> p.epoch = 9, ExitCode.LINEAGE),
          lie("standing: another basis epoch", AGREED, p -> p.basisEpoch = 6, ExitCode.LINEAGE),
          lie("standing: another root", AGREED, p -> p.basisRoot = root(8), ExitCode.LINEAGE),
          lie("standing: a new copy", AGREED, p -> p.basis = Basis.ZERO, ExitCode.PROTOCOL),
          lie("standing: another key", READ, AdmissionTest::otherKey, ExitCode.PROTOCOL),
          lie("cached: other blocks", AGREED, AdmissionTest::otherBlocks, ExitCode.PROTOCOL),
          lie("cached: another hash", AGREED, AdmissionTest::otherHash, ExitCode.PROTOCOL),
          lie("stored: other blocks", USUAL, AdmissionTest::otherBlocks, ExitCode.PROTOCOL),
          lie(
              "cached: there is no signature",
              unsigned(),
              AdmissionTest::cached,
              ExitCode.PROTOCOL),
          lie(
              "stored: there is no signature",
              unsigned(),
              AdmissionTest::stored,
              ExitCode.PROTOCOL),
          lie("a longer file, not to grow", AGREED, size(GREW), ExitCode.SIZE),
          lie("a shorter file", AGREED, size(SHRANK), ExitCode.SIZE),
          lie("a larger device", AGREED.on(true, SIZE).grow(), size(GREW), ExitCode.SIZE),
          lie("a smaller epoch", AGREED.on(true, SIZE), size(SHRANK), ExitCode.SIZE),
          lie("growing, yet the basis is cached", AGREED.grow(), size(GREW), ExitCode.PROTOCOL),
          lie("absent: not the first epoch", ABSENT, p -> p.epoch = 2, ExitCode.PROTOCOL),
          lie("absent: something to read", ABSENT, p -> p.basis = Basis.READ, ExitCode.PROTOCOL),
          lie("absent: something stored", ABSENT, AdmissionTest::stored, ExitCode.PROTOCOL),
          lie("absent: an epoch before", ABSENT, p -> p.basisEpoch = 1, ExitCode.PROTOCOL),
          lie("absent: a root before", ABSENT, p -> p.basisRoot = root(1), ExitCode.PROTOCOL),
          lie("bare: not to be adopted", ADOPTED, p -> p.init = false, ExitCode.LINEAGE),
          lie("bare: all zeros", ADOPTED, p -> p.basis = Basis.ZERO, ExitCode.PROTOCOL),
          lie("bare: something stored", ADOPTED, AdmissionTest::stored, ExitCode.PROTOCOL),
          lie("bare: not the first epoch", ADOPTED, p -> p.epoch = 8, ExitCode.PROTOCOL),
          lie("bare: an epoch before", ADOPTED, p -> p.basisEpoch = 7, ExitCode.PROTOCOL),
          lie("bare: a longer file", ADOPTED, size(GREW), ExitCode.SIZE),
          lie("bare: a shorter file", ADOPTED, size(SHRANK), ExitCode.SIZE),
          lie("bare: a larger device", ADOPTED.on(true, SIZE), size(GREW), ExitCode.SIZE),
          lie("seeding: another volume", SEEDING, p -> p.volume = OTHER_VOLUME, ExitCode.LINEAGE),
          lie("seeding: another copy", SEEDING, p -> p.standby = VOLUME, ExitCode.LINEAGE),
          lie("seeding: all zeros", SEEDING, p -> p.basis = Basis.ZERO, ExitCode.PROTOCOL),
          lie("seeding: not the first epoch", SEEDING, p -> p.epoch = 2, ExitCode.PROTOCOL),
          lie("seeding: a root before", SEEDING, p -> p.basisRoot = root(1), ExitCode.PROTOCOL),
          lie("seeding: another key", SEEDING, AdmissionTest::otherKey, ExitCode.PROTOCOL),
          lie("seeding: a longer file", SEEDING, size(GREW), ExitCode.SIZE),
          lie("verify: something stored", VERIFIED, AdmissionTest::stored, ExitCode.PROTOCOL),
          lie("verify: a next epoch", VERIFIED, p -> p.epoch = 8, ExitCode.PROTOCOL),
          lie("verify: another epoch", VERIFIED, p -> p.basisEpoch = 6, ExitCode.PROTOCOL),
          lie("verify: no root", VERIFIED, p -> p.basisRoot = RootHash.NONE, ExitCode.PROTOCOL),
          lie("verify: beyond the end", VERIFIED, size(GREW), ExitCode.PROTOCOL));

  @ParameterizedTest
  @FieldSource("LIES")
  void aPlanWithOneLieIsRefused(Lie lie) throws Failure {
    Plan honest = lie.situation().plan();
    Admission.admit(lie.situation().target(), honest);
    Plan plan = Forgery.of(honest, lie.told());
    Failure failure =
        catchThrowableOfType(Failure.class, () -> Admission.admit(lie.situation().target(), plan));
    assertThat(failure).as("%s", plan).isNotNull();
    assertThat(failure.exit()).as("%s", failure).isEqualTo(lie.exit());
  }

  @Test
  void aDryRunIsCheckedAsARunIs() throws Failure {
    for (Lie lie : LIES) {
      if (lie.situation().purpose() == Purpose.REPLICATE) {
        aPlanWithOneLieIsRefused(
            new Lie(lie.what(), lie.situation().purpose(Purpose.DRY_RUN), lie.told(), lie.exit()));
      }
    }
  }

  @Test
  void nothingIsVerifiedWhereNothingIs() throws Failure {
    Plan plan = VERIFIED.plan();
    Failure failure = catchThrowableOfType(Failure.class, () -> Admission.admit(absent(), plan));
    assertThat(failure.exit()).isEqualTo(ExitCode.PROTOCOL);
  }

  @Test
  void aRefusalNamesBothLineages() throws Failure {
    Plan later = Forgery.of(AGREED.plan(), p -> p.epoch = 12);
    assertThat(catchThrowableOfType(Failure.class, () -> Admission.admit(AGREED.target(), later)))
        .hasMessageContainingAll("epoch 12 from epoch 7", "the standby is at epoch 7");
    Plan foreign = Forgery.of(AGREED.plan(), p -> p.volume = OTHER_VOLUME);
    assertThat(catchThrowableOfType(Failure.class, () -> Admission.admit(AGREED.target(), foreign)))
        .hasMessageContainingAll(VOLUME.toString(), OTHER_VOLUME.toString());
  }

  private static Lie lie(String what, Situation situation, Consumer<Forgery> told, ExitCode exit) {
    return new Lie(what, situation, told, exit);
  }

  private static Situation unsigned() {
    return AGREED.target(standing(lineage(VOLUME, EPOCH, EPOCH, shape(SIZE), false)));
  }

  private static void cached(Forgery plan) {
    plan.basis = Basis.CACHED;
    plan.basisEpoch = EPOCH;
    plan.basisRoot = root(EPOCH);
  }

  private static void stored(Forgery plan) {
    plan.basis = Basis.STORED;
  }

  private static Consumer<Forgery> size(long size) {
    return plan -> plan.shape = shape(size);
  }

  private static void otherBlocks(Forgery plan) {
    plan.shape = shape(SIZE, 8192, HashKind.FAST128);
  }

  private static void otherHash(Forgery plan) {
    plan.shape = shape(SIZE, Situation.BLOCK.bytes(), HashKind.SHA256);
  }

  private static void otherKey(Forgery plan) {
    SignatureShape.Key key = new SignatureShape.Key(0, 0);
    plan.shape = new SignatureShape(plan.shape.geometry(), plan.shape.hash(), key);
  }
}
