package snapferry.plan;

import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.NullMarked;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.wire.Basis;
import snapferry.wire.Plan;

/** A plan in which something is changed. */
@NullMarked
final class Forgery {
  Basis basis;
  boolean init;
  boolean grow;
  SignatureShape shape;
  long epoch;
  long basisEpoch;
  RootHash basisRoot;
  UUID volume;
  UUID standby;

  private Forgery(Plan plan) {
    basis = plan.basis();
    init = plan.init();
    grow = plan.grow();
    shape = plan.shape();
    epoch = plan.epoch();
    basisEpoch = plan.basisEpoch();
    basisRoot = plan.basisRoot();
    volume = plan.volume();
    standby = plan.standby();
  }

  static Plan of(Plan plan, Consumer<Forgery> lie) {
    Forgery forgery = new Forgery(plan);
    lie.accept(forgery);
    return new Plan(
        plan.purpose(),
        forgery.basis,
        forgery.init,
        forgery.grow,
        forgery.shape,
        forgery.epoch,
        plan.time(),
        forgery.basisEpoch,
        forgery.basisRoot,
        forgery.volume,
        forgery.standby,
        plan.label(),
        plan.changeSource());
  }
}
