package snapferry.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import snapferry.codec.FormatException;
import snapferry.delta.HashKind;
import snapferry.delta.SignatureShape;
import snapferry.failure.Failure;
import snapferry.wire.Basis;
import snapferry.wire.FrameType;
import snapferry.wire.Frames;
import snapferry.wire.Plan;
import snapferry.wire.Presence;
import snapferry.wire.Purpose;
import snapferry.wire.State;

/** Planner and admission are two readings of the same rules. */
@NullMarked
class AgreementTest {
  private static final int HEADER = 12;
  private static final int ROUNDS = 20_000;

  @Test
  void whateverIsPlannedForAStateIsAdmittedInThatState() throws FormatException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Map<Basis, Integer> planned = new EnumMap<>(Basis.class);
    for (int i = 0; i < ROUNDS; i++) {
      Situation situation = random(random);
      Plan plan;
      try {
        plan = situation.plan();
      } catch (Failure e) {
        continue;
      }
      planned.merge(plan.basis(), 1, Integer::sum);
      try {
        assertThat(Admission.admit(situation.target(), plan))
            .as("%s, round %d, seed %d", situation, i, seed)
            .isEqualTo(expected(situation));
      } catch (Failure e) {
        throw new AssertionError("%s, round %d, seed %d".formatted(situation, i, seed), e);
      }
      assertThat(decoded(plan)).as("on the wire, round %d, seed %d", i, seed).isEqualTo(plan);
    }
    for (Basis basis : Basis.values()) {
      assertThat(planned.getOrDefault(basis, 0)).as("%s in %s", basis, planned).isPositive();
    }
  }

  @Test
  void nothingIsAdoptedOrGrownUnlessItIsWished() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      Situation situation = random(random);
      State target = situation.target();
      boolean bare = target.presence() == Presence.BARE;
      boolean grows =
          target.presence() != Presence.ABSENT && situation.source().size() > target.capacity();
      if (situation.purpose() == Purpose.VERIFY
          || (bare && situation.wishes().init())
          || (grows && situation.wishes().grow())
          || !(bare || grows)) {
        continue;
      }
      try {
        Plan plan = situation.plan();
        throw new AssertionError("%s: %s, round %d, seed %d".formatted(situation, plan, i, seed));
      } catch (Failure expected) {
        assertThat(expected.exit().code()).as("seed %d", seed).isIn(11, 13, 22);
      }
    }
  }

  private static Admission expected(Situation situation) {
    if (situation.purpose() != Purpose.REPLICATE) {
      return Admission.LOOK;
    }
    boolean stands = situation.target().presence() == Presence.STANDING;
    return stands ? Admission.STAGE : Admission.SEED;
  }

  private static Plan decoded(Plan plan) throws FormatException {
    ByteBuffer frame = ByteBuffer.allocate(FrameType.PLAN.maxFrame());
    Frames.encode(plan, frame);
    return (Plan) Frames.decode(FrameType.PLAN, frame.flip().position(HEADER).slice());
  }

  private static Situation random(Random random) {
    long[] sizes = {Situation.SIZE - 512, Situation.SIZE, Situation.SIZE, Situation.SIZE + 512};
    Situation situation = Situation.USUAL.target(state(random));
    if (random.nextInt(4) == 0) {
      situation = situation.fresh();
    } else if (random.nextBoolean()) {
      long content = random.nextInt(4) == 0 ? 8 : 7;
      long epoch = random.nextInt(4) == 0 ? 8 : 7;
      situation = situation.acknowledged(epoch, content, shape(random), random.nextBoolean());
    }
    if (random.nextBoolean() && situation.target().presence() != Presence.ABSENT) {
      long capacity = sizes[random.nextInt(sizes.length)];
      State.Lineage lineage = situation.target().lineage();
      if (lineage == null || capacity >= lineage.shape().geometry().size()) {
        situation = situation.on(random.nextBoolean(), capacity);
      }
    }
    situation = situation.sourceSize(sizes[random.nextInt(sizes.length)]);
    situation = random.nextInt(5) == 0 ? situation.init() : situation;
    situation = random.nextInt(5) == 0 ? situation.grow() : situation;
    situation = random.nextInt(5) == 0 ? situation.full() : situation;
    situation = random.nextInt(6) == 0 ? situation.blocks(4096 << random.nextInt(9)) : situation;
    situation = random.nextInt(6) == 0 ? situation.hash(hash(random)) : situation;
    return situation.purpose(oneOf(random, Purpose.values()));
  }

  private static State state(Random random) {
    UUID volume = random.nextInt(4) == 0 ? Situation.OTHER_VOLUME : Situation.VOLUME;
    return switch (random.nextInt(6)) {
      case 0 -> Situation.absent();
      case 1 -> Situation.bare(random.nextBoolean());
      case 2 -> Situation.seeding(volume);
      default ->
          Situation.standing(Situation.lineage(volume, 7, 7, shape(random), random.nextInt(3) > 0));
    };
  }

  private static SignatureShape shape(Random random) {
    return random.nextInt(4) > 0
        ? Situation.shape(Situation.SIZE)
        : Situation.shape(Situation.SIZE, 4096 << random.nextInt(9), hash(random));
  }

  private static HashKind hash(Random random) {
    return oneOf(random, HashKind.values());
  }

  private static <E> E oneOf(Random random, E[] values) {
    return values[random.nextInt(values.length)];
  }
}
