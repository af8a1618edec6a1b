package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import snapferry.delta.Signature;
import snapferry.delta.SignatureShape;
import snapferry.device.BlockDevice;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.Manifest;
import snapferry.journal.UndoChain;
import snapferry.plan.Admission;
import snapferry.wire.Basis;
import snapferry.wire.Plan;
import snapferry.wire.Purpose;
import snapferry.wire.State;
import snapferry.wire.Wishes;

/**
 * What a standby has ready for a plan that it admitted.
 *
 * @param reception where the blocks go that come in
 * @param patrol reads the image meanwhile; null when there is none
 */
record Admitted(Reception reception, @Nullable StandbyPatrol patrol) implements Closeable {
  /**
   * Admits {@code plan} or refuses it, and makes ready for what it brings.
   *
   * @param period within which the image is patrolled; null for not at all
   */
  static Admitted admit(
      Standby standby, StandbyPlace place, Plan plan, @Nullable Duration period, Monitor monitor)
      throws IOException {
    State state = standby.state(Wishes.NONE);
    checkSize(plan, place);
    return switch (Admission.admit(state, plan)) {
      case LOOK -> new Admitted(Reception.look(state), null);
      case SEED -> {
        EpochStore store = standby.storeForSeed();
        Reception reception = seed(standby, plan, store);
        yield new Admitted(reception, patrol(standby, place, plan, period, store, monitor));
      }
      case STAGE -> stage(standby, place, plan, period, monitor);
    };
  }

  /** A file of any size can be made where there is no room for it. */
  private static void checkSize(Plan plan, StandbyPlace place) throws Failure {
    long size = plan.shape().geometry().size();
    if (plan.purpose() != Purpose.VERIFY && size > place.maxSize()) {
      throw new Failure(
          ExitCode.SIZE,
          "the volume has %d bytes, and this host takes volumes of at most %d bytes (--max-size). Nothing was touched"
              .formatted(size, place.maxSize()));
    }
  }

  private static Reception seed(Standby standby, Plan plan, EpochStore store) throws IOException {
    SignatureShape shape = plan.shape();
    store.store(
        Manifest.seeding(
            plan.label(), plan.volume(), plan.standby(), shape, Instant.ofEpochMilli(plan.time())));
    store.keepHistory(0);
    Signature signature = store.restartSignature(shape);
    BlockDevice image = standby.imageOf(shape.geometry().size());
    return new SeedReception(plan, image, signature, store);
  }

  private static Admitted stage(
      Standby standby, StandbyPlace place, Plan plan, @Nullable Duration period, Monitor monitor)
      throws IOException {
    EpochStore store = standby.requireStore();
    BlockDevice image = standby.requireImage();
    Signature signature =
        plan.basis() == Basis.READ
            ? store.restartSignature(plan.shape())
            : Objects.requireNonNull(standby.signature(), "admitted with a signature");
    int keep = keep(standby, place, store);
    store.keepHistory(keep);
    StandbyPatrol patrol = patrol(standby, place, plan, period, store, monitor);
    try {
      return new Admitted(
          new StageReception(plan, image, signature, store, keep, patrol, monitor), patrol);
    } catch (Throwable e) {
      if (patrol != null) {
        patrol.close();
      }
      throw e;
    }
  }

  /** Whoever does not say how many epochs to keep wants no fewer than the run before. */
  private static int keep(Standby standby, StandbyPlace place, EpochStore store)
      throws IOException {
    @Nullable Integer wanted = place.keep();
    return wanted == null
        ? UndoChain.of(store.directory(), standby.requireEpoch()).keep()
        : wanted.intValue();
  }

  /** Nothing is left to patrol where the whole image is read anyway, or was empty. */
  private static @Nullable StandbyPatrol patrol(
      Standby standby,
      StandbyPlace place,
      Plan plan,
      @Nullable Duration period,
      EpochStore store,
      Monitor monitor)
      throws IOException {
    if (period == null) {
      return null;
    }
    Geometry geometry = plan.shape().geometry();
    Patrolling patrolling =
        Patrolling.open(store.directory(), geometry, period, place.now(), monitor);
    return switch (plan.basis()) {
      case ZERO, READ ->
          StandbyPatrol.idle(patrolling, place.name(), plan.basis() == Basis.READ, monitor);
      case CACHED, STORED ->
          StandbyPatrol.begin(
              patrolling, place.name(), standby.requireImage(), store, plan.basisRoot(), monitor);
    };
  }

  @Override
  public void close() throws IOException {
    try (reception) {
      if (patrol != null) {
        patrol.close();
      }
    }
  }
}
