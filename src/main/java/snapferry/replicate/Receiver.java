package snapferry.replicate;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import snapferry.delta.Signature;
import snapferry.delta.SignatureShape;
import snapferry.device.BlockDevice;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.Ack;
import snapferry.wire.Ask;
import snapferry.wire.Basis;
import snapferry.wire.DeltaFrame;
import snapferry.wire.End;
import snapferry.wire.Patrol;
import snapferry.wire.Patrolled;
import snapferry.wire.Plan;
import snapferry.wire.Purpose;
import snapferry.wire.Resend;
import snapferry.wire.Wishes;
import snapferry.wire.Zero;

/**
 * The standby's end of a session, from its STATE to its ACK.
 *
 * <pre>
 *  Standby ─▶ STATE ─▶ PLAN ─▶ Admission ─┬─▶ SignatureStream ─▶ (on a thread of its own)
 *                                         └─▶ DELTA, ZERO ─▶ Reception ─▶ END ─▶ root proven, durable ─▶ ACK
 * </pre>
 */
final class Receiver {
  private final Line line;
  private final Inbox inbox;
  private final StandbyPlace place;
  private final Purpose purpose;
  private final @Nullable Wishes wishes;
  private @Nullable Duration period;
  private final Monitor monitor;
  private final long started = System.nanoTime();

  private volatile long streamed;
  private @Nullable Patrolled sourcePatrolled;

  /**
   * @param wishes of the operator; null when the operator sits at the source
   * @param period within which to patrol; null for not at all, or for what the source says
   */
  Receiver(
      Line line,
      Inbox inbox,
      StandbyPlace place,
      Purpose purpose,
      @Nullable Wishes wishes,
      @Nullable Duration period,
      Monitor monitor) {
    this.line = line;
    this.inbox = inbox;
    this.place = place;
    this.purpose = purpose;
    this.wishes = wishes;
    this.period = period;
    this.monitor = monitor;
  }

  /** Runs the session to its end. */
  Summary run() throws IOException {
    try (Standby standby = Standby.open(place, purpose != Purpose.REPLICATE, monitor)) {
      line.send(standby.state(wishes == null ? Wishes.NONE : wishes));
      Preload.hashing(); // While the source makes a plan of that.
      Plan plan = plan(standby);
      if (plan.purpose() != purpose) {
        throw new Failure(
            ExitCode.PROTOCOL, "a plan for " + plan.purpose() + " in a session for " + purpose);
      }
      checkWished(plan);
      try (Admitted admitted = Admitted.admit(standby, place, plan, period, monitor)) {
        Reception reception = admitted.reception();
        Thread stream = stream(plan, standby, reception);
        monitor.phase(
            purpose == Purpose.VERIFY ? Monitor.Phase.VERIFYING : Monitor.Phase.RECEIVING);
        Intake intake = new Intake(plan, reception, monitor);
        End end = receive(intake, admitted.patrol());
        join(stream);
        Ack ack = withAllRead(reception.complete(end), admitted.patrol());
        if (purpose == Purpose.REPLICATE) {
          place.committed(ack.epoch());
        }
        @Nullable Patrolled patrolled = patrolled(admitted.patrol());
        line.send(ack);
        return summary(plan, end, ack, patrolled, intake);
      }
    }
  }

  /** The epoch is ours: so is what the patrol did. Tells the source, and gives what both did. */
  private @Nullable Patrolled patrolled(@Nullable StandbyPatrol patrol) throws IOException {
    if (patrol == null) {
      return null;
    }
    patrol.done();
    Patrolled ours = patrol.told();
    line.send(ours);
    return sourcePatrolled == null ? ours : ours.and(sourcePatrolled);
  }

  /** Answers what the source asks of our signature, until it knows enough for a plan. */
  private Plan plan(Standby standby) throws IOException {
    while (true) {
      Inbox.Incoming incoming = inbox.take();
      if (incoming.message() instanceof Plan plan) {
        return plan;
      }
      if (incoming.message() instanceof Patrol patrol && mayPatrol()) {
        period = Duration.ofSeconds(patrol.seconds());
        continue;
      }
      Signature stored = standby.signature();
      if (!(incoming.message() instanceof Ask ask) || stored == null) {
        throw Inbox.unexpected(incoming.message());
      }
      new NearTree(line, stored).answer(ask);
    }
  }

  /** Whether the source may ask for it: once, and when the operator sits there. */
  private boolean mayPatrol() {
    return wishes == null && period == null && purpose == Purpose.REPLICATE;
  }

  /**
   * When the operator sits here, the source must not take more liberties than the operator gave.
   */
  private void checkWished(Plan plan) throws Failure {
    if (wishes != null && ((plan.init() && !wishes.init()) || (plan.grow() && !wishes.grow()))) {
      throw new Failure(
          ExitCode.PROTOCOL,
          "the source plans to adopt or grow the target, which was not asked for");
    }
  }

  /** Takes everything in up to the last END. */
  private End receive(Intake intake, @Nullable StandbyPatrol patrol) throws IOException {
    while (true) {
      Inbox.Incoming incoming = inbox.take();
      try {
        if (incoming.message() instanceof DeltaFrame delta) {
          intake.take(delta);
        } else if (incoming.message() instanceof Zero zero) {
          intake.take(zero);
        } else if (incoming.message() instanceof Patrolled patrolled && expectsPatrolled()) {
          sourcePatrolled = patrolled;
        } else if (incoming.message() instanceof End end && purpose != Purpose.REPLICATE) {
          intake.looked(end);
          return end;
        } else if (incoming.message() instanceof End end) {
          List<Long> again = intake.end(end, patrol, inbox);
          if (again.isEmpty()) {
            return end;
          }
          line.send(new Resend(again));
        } else {
          throw Inbox.unexpected(incoming.message());
        }
      } finally {
        inbox.done(incoming);
      }
    }
  }

  private boolean expectsPatrolled() {
    return period != null && sourcePatrolled == null && purpose == Purpose.REPLICATE;
  }

  /** Starts sending the signature of what is here, if the plan asks for it. */
  private @Nullable Thread stream(Plan plan, Standby standby, Reception reception) {
    SignatureShape shape = plan.shape();
    if (plan.basis() != Basis.READ && plan.basis() != Basis.STORED) {
      return null;
    }
    BlockDevice image = Objects.requireNonNull(standby.image(), "admitted with an image");
    Signature stored = standby.signature();
    Thread thread =
        new Thread(
            () -> {
              try {
                SignatureStream stream = new SignatureStream(line, shape);
                if (plan.basis() == Basis.STORED) {
                  stream.send(Objects.requireNonNull(stored, "admitted with a signature"));
                } else {
                  streamed = stream.read(image, reception.rebuilt());
                }
              } catch (IOException | RuntimeException | Error e) {
                Failure failure = Session.asFailure(e);
                line.sayGoodbye(failure);
                line.fail(failure);
              }
            },
            "snapferry-signature");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void join(@Nullable Thread thread) throws Failure {
    try {
      if (thread != null) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw Failure.interrupted(e);
    }
  }

  private Ack withAllRead(Ack ack, @Nullable StandbyPatrol patrol) {
    return new Ack(
        ack.epoch(),
        ack.root(),
        ack.bytesRead() + streamed + (patrol == null ? 0 : patrol.bytesRead()),
        ack.bytesWritten(),
        ack.journalBytes());
  }

  private Summary summary(
      Plan plan, End end, Ack ack, @Nullable Patrolled patrolled, Intake intake) {
    return new Summary(
        plan.label(),
        ack.epoch(),
        ack.root(),
        plan.changeSource(),
        plan.shape().geometry().size(),
        end.bytesRead(),
        ack.bytesRead(),
        line.sent(),
        line.received(),
        ack.bytesWritten(),
        ack.journalBytes(),
        intake.blocksChanged(),
        intake.zeroBytes(),
        intake.literalBytes(),
        intake.copiedBytes(),
        -1,
        patrolled,
        System.nanoTime() - started,
        purpose == Purpose.REPLICATE ? intake.heat() : null);
  }
}
