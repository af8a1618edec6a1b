package snapferry.replicate;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import snapferry.change.ChangeSource;
import snapferry.change.Scan;
import snapferry.codec.SnapshotTime;
import snapferry.device.BlockDevice;
import snapferry.extent.Geometry;
import snapferry.failure.Failure;
import snapferry.plan.Planner;
import snapferry.plan.SourceView;
import snapferry.session.SenderSession;
import snapferry.wire.Ack;
import snapferry.wire.Basis;
import snapferry.wire.End;
import snapferry.wire.Message;
import snapferry.wire.Patrol;
import snapferry.wire.Patrolled;
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
  private @Nullable Duration period;

  /**
   * @param wishes of the operator; null when the operator sits at the standby and has sent them
   * @param period within which to patrol; null for not at all, or for what the standby says
   */
  Sender(
      Line line,
      Inbox inbox,
      SourcePlace place,
      Purpose purpose,
      @Nullable Wishes wishes,
      @Nullable Duration period,
      Session.Settings settings,
      Monitor monitor) {
    this.line = line;
    this.inbox = inbox;
    this.place = place;
    this.purpose = purpose;
    this.wishes = wishes;
    this.period = period;
    this.settings = settings;
    this.monitor = monitor;
  }

  /** Runs the session to its end. */
  Summary run() throws IOException {
    State target = state();
    try (BlockDevice volume = place.open();
        SourceState state = SourceState.open(place, target, monitor)) {
      Object stamp = place.writeStamp();
      Wishes wished = wishes == null ? target.wishes() : wishes;
      SourceView view = view(volume, state);
      if (Planner.canRejoin(target, view, purpose, wished)) {
        state.rejoin(target, new FarTree(line, inbox));
        view = view(volume, state);
      }
      Plan wide = Planner.plan(target, view, purpose, wished);
      ChangeSource changes = changes(wide, volume);
      Plan plan = wide.narrowedBy(changes.name());
      monitor.note(describe(plan));
      SenderSession session = new SenderSession(plan);
      try (BasisSignature basis = basis(plan, session, state);
          SourceRecord record = record(plan, state)) {
        @Nullable SourcePatrol patrol = record == null ? null : patrol(plan, state, changes);
        line.send(plan);
        Delivery delivery =
            new Delivery(
                line,
                plan,
                session,
                volume,
                patrol == null ? changes : patrol.changes(),
                basis,
                record,
                patrol,
                settings,
                monitor);
        return deliver(delivery, plan, session, state, record, patrol, stamp);
      }
    }
  }

  /**
   * What the standby holds; before that, a standby whose operator sits there may ask for a patrol.
   */
  private State state() throws IOException {
    Message first = inbox.take().message();
    if (first instanceof Patrol patrol && wishes == null && purpose == Purpose.REPLICATE) {
      period = Duration.ofSeconds(patrol.seconds());
      first = inbox.take().message();
    }
    if (!(first instanceof State target)) {
      throw Inbox.unexpected(first);
    }
    return target;
  }

  private @Nullable SourcePatrol patrol(Plan plan, SourceState state, ChangeSource changes)
      throws IOException {
    if (period == null) {
      return null;
    }
    Geometry geometry = plan.shape().geometry();
    Patrolling patrolling =
        Patrolling.open(state.directory(), geometry, period, place.now(), monitor);
    return changes instanceof Scan
        ? SourcePatrol.idle(patrolling, changes, geometry, monitor)
        : SourcePatrol.of(patrolling, changes, geometry, monitor);
  }

  /**
   * What narrows the reading. Blocks that are not read keep their entries in our signature, so it
   * must be the one of the epoch that is said to be unchanged.
   */
  private ChangeSource changes(Plan plan, BlockDevice volume) throws IOException {
    long size = plan.shape().geometry().size();
    @Nullable ChangeSource narrow =
        plan.basis() == Basis.CACHED ? place.changesSince(basis(plan), size) : null;
    return narrow == null ? new Scan(volume, size) : narrow;
  }

  private static StandbyEpoch basis(Plan plan) {
    return new StandbyEpoch(plan.standby(), plan.basisEpoch(), plan.basisRoot());
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
        SnapshotTime.now(),
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
    return plan.label()
        + ": epoch "
        + plan.epoch()
        + " by "
        + plan.changeSource()
        + "; "
        + comparison;
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
      Plan plan,
      SenderSession session,
      SourceState state,
      @Nullable SourceRecord record,
      @Nullable SourcePatrol patrol,
      @Nullable Object stamp)
      throws IOException {
    End end = read(delivery);
    checkUnwritten(stamp);
    monitor.phase(Monitor.Phase.COMMITTING);
    StandbyEpoch next = new StandbyEpoch(plan.standby(), plan.epoch(), end.root());
    if (record != null) {
      place.keepSnapshot(basis(plan), next);
    }
    if (patrol != null) {
      patrol.tell();
      line.send(patrol.told());
    }
    line.send(end);
    Message answer = inbox.take().message();
    if (answer instanceof Resend resend) {
      session.resend(resend.blocks());
      monitor.note(resend.blocks().size() + " blocks go again, whole");
      end = delivery.repair(resend.blocks(), end.root());
      place.checkSnapshot();
      line.send(end);
      answer = inbox.take().message();
    }
    @Nullable Patrolled patrolled = null;
    if (patrol != null && answer instanceof Patrolled theirs) {
      patrolled = theirs.and(patrol.told());
      answer = inbox.take().message();
    }
    if (!(answer instanceof Ack ack)) {
      throw Inbox.unexpected(answer);
    }
    session.acknowledge(ack, end);
    if (record != null) {
      state.acknowledge(ack.epoch());
      place.acknowledged(next);
    }
    if (patrol != null) {
      patrol.done();
    }
    Summary summary = delivery.summary(ack, patrolled, System.nanoTime() - started);
    if (plan.purpose() == Purpose.VERIFY) {
      state.verified(ack.epoch(), summary.blocksChanged() == 0);
    }
    return summary;
  }

  /** Of a snapshot that was lost, some can be read and some not: that it was lost explains both. */
  private End read(Delivery delivery) throws IOException {
    try {
      End end = delivery.run();
      place.checkSnapshot();
      return end;
    } catch (Failure e) {
      throw e;
    } catch (IOException e) {
      place.checkSnapshot();
      throw e;
    }
  }

  /** Without a snapshot, a source that is written to while it is read is no point in time. */
  private void checkUnwritten(@Nullable Object stamp) throws IOException {
    Object now = place.writeStamp();
    if (stamp != null && !stamp.equals(now)) {
      monitor.warn(
          place.name()
              + " was written to while it was read: the standby holds what was read, which may mix"
              + " several moments. Replicate a snapshot to have one point in time");
    }
  }
}
