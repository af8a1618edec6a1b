package snapferry.plan;

import static snapferry.plan.Refusal.bytes;
import static snapferry.plan.Refusal.refuse;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import snapferry.delta.RootHash;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.Basis;
import snapferry.wire.Plan;
import snapferry.wire.Presence;
import snapferry.wire.Purpose;
import snapferry.wire.State;

/**
 * How the standby takes a plan. It believes nothing that it can check against its own state: a plan
 * that a sane source would not have made is refused before the first write.
 */
public enum Admission {
  /** Nothing is written: a dry run or a verification. */
  LOOK,
  /**
   * There is no epoch to protect: blocks go straight into the image, which says SEEDING until its
   * root is proven.
   */
  SEED,
  /** The image stands: everything goes through the journal. */
  STAGE;

  /**
   * Admits or refuses.
   *
   * @param state what this standby told the source
   * @throws Failure with {@link ExitCode#LINEAGE}, {@link ExitCode#SIZE} or {@link
   *     ExitCode#PROTOCOL}
   */
  public static Admission admit(State state, Plan plan) throws Failure {
    if (plan.purpose() == Purpose.VERIFY) {
      checkVerification(state, plan);
      return LOOK;
    }
    checkSize(state, plan);
    Admission admission =
        switch (state.presence()) {
          case ABSENT -> {
            require(plan.basis() == Basis.ZERO && isFirst(plan), plan);
            yield SEED;
          }
          case BARE -> {
            if (!plan.init()) {
              throw refuse(
                  ExitCode.LINEAGE,
                  "the target is not a standby, and the source does not ask to adopt it");
            }
            require(plan.basis() == Basis.READ && isFirst(plan), plan);
            yield SEED;
          }
          case SEEDING -> {
            checkVolume(lineage(state), plan);
            require(plan.basis() == Basis.READ && isFirst(plan), plan);
            yield SEED;
          }
          case STANDING -> {
            checkSuccession(lineage(state), plan);
            yield STAGE;
          }
        };
    return plan.purpose() == Purpose.DRY_RUN ? LOOK : admission;
  }

  /** A verification makes no epoch: it names what the target holds, and lies within it. */
  private static void checkVerification(State state, Plan plan) throws Failure {
    State.@Nullable Lineage lineage = state.lineage();
    long epoch = lineage == null ? 0 : lineage.epoch();
    RootHash root = lineage == null ? RootHash.NONE : lineage.root();
    require(
        state.presence() != Presence.ABSENT
            && plan.basis() == Basis.READ
            && plan.epoch() == epoch
            && plan.basisEpoch() == epoch
            && plan.basisRoot().equals(root)
            && plan.shape().geometry().size() <= state.capacity(),
        plan);
  }

  /** Whether the plan makes the first epoch, which has none before it. */
  private static boolean isFirst(Plan plan) {
    return plan.epoch() == 1 && plan.basisEpoch() == 0 && plan.basisRoot().equals(RootHash.NONE);
  }

  private static void checkSize(State state, Plan plan) throws Failure {
    long size = plan.shape().geometry().size();
    if (state.presence() == Presence.ABSENT) {
      return;
    }
    boolean grows = size > state.capacity();
    if (grows && (state.device() || !plan.grow())) {
      throw refuse(
          ExitCode.SIZE,
          "the plan needs %s, the target has %s",
          bytes(size),
          bytes(state.capacity()));
    }
    if (size < state.capacity() && !state.device()) {
      throw refuse(
          ExitCode.SIZE,
          "the plan is for %s, the target file has %s",
          bytes(size),
          bytes(state.capacity()));
    }
  }

  private static void checkSuccession(State.Lineage lineage, Plan plan) throws Failure {
    checkVolume(lineage, plan);
    if (plan.shape().geometry().size() < lineage.shape().geometry().size()) {
      throw refuse(
          ExitCode.SIZE,
          "the plan is for %s, the standing image has %s",
          bytes(plan.shape().geometry().size()),
          bytes(lineage.shape().geometry().size()));
    }
    boolean follows =
        plan.basisEpoch() == lineage.epoch() && plan.basisRoot().equals(lineage.root());
    if (!follows || plan.epoch() != lineage.epoch() + 1) {
      throw refuse(
          ExitCode.LINEAGE,
          "the plan makes epoch %d from epoch %d (root %s), but the standby is at epoch %d (root"
              + " %s)",
          plan.epoch(),
          plan.basisEpoch(),
          plan.basisRoot().brief(),
          lineage.epoch(),
          lineage.root().brief());
    }
    boolean stored = plan.basis() == Basis.CACHED || plan.basis() == Basis.STORED;
    boolean usable = lineage.signaturePresent() && plan.shape().equals(lineage.shape());
    require(stored ? usable : plan.basis() == Basis.READ, plan);
  }

  private static void checkVolume(State.Lineage lineage, Plan plan) throws Failure {
    if (!plan.volume().equals(lineage.volume()) || !plan.standby().equals(lineage.standby())) {
      throw refuse(
          ExitCode.LINEAGE,
          "the plan is for volume %s (standby %s), but this is volume %s (standby %s)",
          plan.volume(),
          plan.standby(),
          lineage.volume(),
          lineage.standby());
    }
    require(plan.shape().key().equals(lineage.shape().key()), plan);
  }

  private static State.Lineage lineage(State state) {
    return Objects.requireNonNull(state.lineage(), "a target with an epoch has a lineage");
  }

  private static void require(boolean sane, Plan plan) throws Failure {
    if (!sane) {
      throw refuse(
          ExitCode.PROTOCOL,
          "the plan does not go with this target: %s of epoch %d with basis %s",
          plan.purpose(),
          plan.epoch(),
          plan.basis());
    }
  }
}
