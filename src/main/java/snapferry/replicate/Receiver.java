package snapferry.replicate;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.delta.PageRuns;
import snapferry.delta.Signature;
import snapferry.delta.SignatureShape;
import snapferry.device.BlockDevice;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.session.ReceiverSession;
import snapferry.wire.Ack;
import snapferry.wire.Ask;
import snapferry.wire.Basis;
import snapferry.wire.DeltaDecoder;
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

  // What came, for the summary.
  private long blocksChanged;
  private long zeroBytes;
  private long literalBytes;
  private long copiedBytes;
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
      Plan plan = plan(standby);
      if (plan.purpose() != purpose) {
        throw new Failure(
            ExitCode.PROTOCOL, "a plan for " + plan.purpose() + " in a session for " + purpose);
      }
      checkWished(plan);
      try (Reception reception = standby.admit(plan, period)) {
        Thread stream = stream(plan, standby, reception);
        monitor.phase(
            purpose == Purpose.VERIFY ? Monitor.Phase.VERIFYING : Monitor.Phase.RECEIVING);
        HeatCount heat = new HeatCount(plan.shape().geometry());
        End end = receive(plan, reception, standby.patrol(), heat);
        join(stream);
        Ack ack = withAllRead(reception.complete(end), standby.patrol());
        if (purpose == Purpose.REPLICATE) {
          place.committed(ack.epoch());
        }
        @Nullable Patrolled patrolled = patrolled(standby.patrol());
        line.send(ack);
        return summary(
            plan, end, ack, patrolled, purpose == Purpose.REPLICATE ? heat.heat() : null);
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
  private End receive(
      Plan plan, Reception reception, @Nullable StandbyPatrol patrol, HeatCount heat)
      throws IOException {
    Geometry geometry = plan.shape().geometry();
    ReceiverSession session = new ReceiverSession(geometry);
    DeltaDecoder decoder = new DeltaDecoder(geometry, plan.shape().hash(), plan.allowsCopies());
    Wanted wanted = new Wanted(plan.shape().hash());
    while (true) {
      Inbox.Incoming incoming = inbox.take();
      try {
        if (incoming.message() instanceof DeltaFrame delta) {
          delta(delta, decoder, session, reception, wanted, geometry, heat);
        } else if (incoming.message() instanceof Zero zero) {
          zeros(zero, session, reception, wanted, geometry, heat);
        } else if (incoming.message() instanceof Patrolled patrolled && expectsPatrolled()) {
          sourcePatrolled = patrolled;
        } else if (incoming.message() instanceof End end && purpose != Purpose.REPLICATE) {
          looked(end, geometry);
          return end;
        } else if (incoming.message() instanceof End end) {
          if (patrol != null && !session.isRepairing()) {
            patrol.join(inbox, wanted);
            for (long block : wanted.blocks()) {
              session.mismatch(block);
            }
          }
          List<Long> again = session.end(end);
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

  private void zeros(
      Zero zero,
      ReceiverSession session,
      Reception reception,
      Wanted wanted,
      Geometry geometry,
      HeatCount heat)
      throws IOException {
    boolean repeated = session.isRepairing();
    session.zero(zero.first(), zero.count());
    if (repeated) {
      for (long block = zero.first(); block < zero.first() + zero.count(); block++) {
        if (!wanted.isMetByZeros(block)) {
          session.mismatch(block);
        }
      }
    } else {
      blocksChanged += zero.count();
      heat.add(zero.first(), zero.count());
      zeroBytes += geometry.extent(zero.first(), zero.count()).length();
    }
    reception.zeros(zero.first(), zero.count(), repeated);
  }

  /** Nothing was sent: the END of a session that only looks counts what would have been. */
  private void looked(End end, Geometry geometry) throws FormatException {
    long blocks = geometry.blocks();
    if (end.deltaBlocks() > blocks || end.zeroBlocks() > blocks - end.deltaBlocks()) {
      throw new FormatException("END counts more blocks than the volume has");
    }
    blocksChanged = end.deltaBlocks() + end.zeroBlocks();
    zeroBytes = Math.min(geometry.size(), geometry.offset(end.zeroBlocks()));
    literalBytes = end.literalBytes();
    copiedBytes = end.copiedBytes();
  }

  private void delta(
      DeltaFrame frame,
      DeltaDecoder decoder,
      ReceiverSession session,
      Reception reception,
      Wanted wanted,
      Geometry geometry,
      HeatCount heat)
      throws IOException {
    decoder.reset(frame.payload());
    long literals = 0;
    long copied = 0;
    while (decoder.next()) {
      long block = decoder.block();
      boolean repeated = session.isRepairing();
      session.deltaBlock(block);
      boolean expected = !repeated || wanted.isMetBy(block, decoder.hash(), decoder.hashAt());
      if (!expected || !reception.block(decoder, repeated)) {
        session.mismatch(block);
        wanted.add(block, decoder.hash(), decoder.hashAt());
      }
      literals += decoder.literalsLength();
      copied += decoder.copiedLength();
      zeroBytes += DeltaFrame.bytes(PageRuns.ZERO, geometry, decoder.block(), decoder.ops());
      if (!session.isRepairing()) {
        blocksChanged++;
        heat.add(decoder.block(), 1);
      }
    }
    session.deltaFrame(literals, copied);
    literalBytes += literals;
    copiedBytes += copied;
    monitor.progress(
        geometry.offset(decoder.block()) + geometry.length(decoder.block()), geometry.size());
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
      Plan plan, End end, Ack ack, @Nullable Patrolled patrolled, @Nullable Heat heat) {
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
        blocksChanged,
        zeroBytes,
        literalBytes,
        copiedBytes,
        -1,
        patrolled,
        System.nanoTime() - started,
        heat);
  }
}
