package snapferry.replicate;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import snapferry.change.Scan;
import snapferry.device.BlockDevice;
import snapferry.plan.Planner;
import snapferry.plan.SourceView;
import snapferry.session.SenderSession;
import snapferry.wire.Ack;
import snapferry.wire.End;
import snapferry.wire.Message;
import snapferry.wire.Plan;
import snapferry.wire.Purpose;
import snapferry.wire.Resend;
import snapferry.wire.State;
import snapferry.wire.Wishes;

/**
 * The source's end of a session, from the standby's STATE to its ACK.
 *
 * <pre>
 *  STATE ─▶ Planner ─▶ PLAN ─▶ Delivery (reads, compares, sends) ─▶ END ─▶ ACK ─▶ our own record is committed
 * </pre>
 */
final class Sender {
  private final Line line;
  private final Inbox inbox;
  private final SourcePlace place;
  private final Purpose purpose;
  private final @Nullable Wishes wishes;
  private final Session.Settings settings;
  private final Monitor monitor;
  private final long started = System.nanoTime();

  /**
   * @param wishes of the operator; null when the operator sits at the standby and has sent them
   */
  Sender(
      Line line,
      Inbox inbox,
      SourcePlace place,
      Purpose purpose,
      @Nullable Wishes wishes,
      Session.Settings settings,
      Monitor monitor) {
    this.line = line;
    this.inbox = inbox;
    this.place = place;
    this.purpose = purpose;
    this.wishes = wishes;
    this.settings = settings;
    this.monitor = monitor;
  }

  /** Runs the session to its end. */
  Summary run() throws IOException {
    State target = inbox.take(State.class);
    try (BlockDevice volume = place.open();
        SourceState state = SourceState.open(place, target, monitor)) {
      Object stamp = place.writeStamp();
      Wishes wished = wishes == null ? target.wishes() : wishes;
      if (Planner.canRejoin(target, view(volume, state), purpose, wished)) {
        state.rejoin(target, new FarTree(line, inbox));
      }
      Plan plan = Planner.plan(target, view(volume, state), purpose, wished);
      monitor.note(describe(plan));
      SenderSession session = new SenderSession(plan);
      try (BasisSignature basis = basis(plan, session, state);
          SourceRecord record = record(plan, state)) {
        line.send(plan);
        Delivery delivery =
            new Delivery(
                line,
                plan,
                session,
                volume,
                new Scan(volume, plan.shape().geometry().size()),
                basis,
                record,
                settings,
                monitor);
        return deliver(delivery, session, state, record, stamp);
      }
    }
  }

  private SourceView view(BlockDevice volume, SourceState state) throws IOException {
    return new SourceView(
        place.name(),
        place.label(),
        Scan.NAME,
        volume.size(),
        state.identity().volume(),
        state.identity().key(),
        state.isFresh(),
        System.currentTimeMillis(),
        state.acknowledged(),
        state.signaturePresent());
  }

  private static String describe(Plan plan) {
    String comparison =
        switch (plan.basis()) {
          case ZERO -> "the target is new: everything but zeros is sent";
          case CACHED -> "both ends hold the signature of epoch " + plan.basisEpoch();
          case STORED -> "the standby sends its stored signature of epoch " + plan.basisEpoch();
          case READ -> "the standby reads its image and sends its signature";
        };
    return plan.label() + ": epoch " + plan.epoch() + "; " + comparison;
  }

  private BasisSignature basis(Plan plan, SenderSession session, SourceState state)
      throws IOException {
    return switch (plan.basis()) {
      case ZERO -> BasisSignature.zero(plan.shape());
      case CACHED -> BasisSignature.cached(state.signature());
      case STORED, READ -> {
        ArrivingBasis arriving = new ArrivingBasis(place.scratch(), plan.shape(), session);
        inbox.signaturesTo(arriving);
        yield arriving;
      }
    };
  }

  private static @Nullable SourceRecord record(Plan plan, SourceState state) throws IOException {
    return plan.purpose() == Purpose.REPLICATE ? state.prepare(plan) : null;
  }

  private Summary deliver(
      Delivery delivery,
      SenderSession session,
      SourceState state,
      @Nullable SourceRecord record,
      @Nullable Object stamp)
      throws IOException {
    End end = delivery.run();
    checkUnwritten(stamp);
    monitor.phase(Monitor.Phase.COMMITTING);
    line.send(end);
    Message answer = inbox.take().message();
    if (answer instanceof Resend resend) {
      session.resend(resend.blocks());
      monitor.note(resend.blocks().size() + " blocks go again, whole");
      end = delivery.repair(resend.blocks(), end.root());
      line.send(end);
      answer = inbox.take().message();
    }
    if (!(answer instanceof Ack ack)) {
      throw Inbox.unexpected(answer);
    }
    session.acknowledge(ack, end);
    if (record != null) {
      state.acknowledge(ack.epoch());
    }
    return delivery.summary(ack, System.nanoTime() - started);
  }

  /** Without a snapshot, a source that is written to while it is read is no point in time. */
  private void checkUnwritten(@Nullable Object stamp) throws IOException {
    Object now = place.writeStamp();
    if (stamp != null && !stamp.equals(now)) {
      monitor.warn(
          place.name()
              + " was written to while it was read: the standby holds what was read, which may mix several moments."
              + " Replicate a snapshot to have one point in time");
    }
  }
}
