package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import snapferry.change.BlockSpans;
import snapferry.change.ChangeSource;
import snapferry.change.Span;
import snapferry.codec.LittleEndian;
import snapferry.delta.MatchLimits;
import snapferry.delta.MoveSearch;
import snapferry.delta.RootHash;
import snapferry.delta.SignatureShape;
import snapferry.device.BlockDevice;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.session.SenderSession;
import snapferry.wire.Ack;
import snapferry.wire.DeltaEncoder;
import snapferry.wire.End;
import snapferry.wire.Frames;
import snapferry.wire.Patrolled;
import snapferry.wire.Plan;
import snapferry.wire.Purpose;
import snapferry.wire.Zero;

/**
 * Reads the source and sends what differs from the basis; on the way, records what our own
 * signature becomes.
 *
 * <pre>
 *  ChangeSource ─▶ SendWork × n ─▶ (in order) ─┬─▶ frames ─▶ Line
 *                     ▲                        └─▶ entries ─▶ SourceRecord
 *               BasisSignature
 * </pre>
 */
final class Delivery {
  private static final int ZERO_FRAMES = 64 << 10;
  private static final int ZERO_FRAME = 64;

  private final Line line;
  private final Plan plan;
  private final SenderSession session;
  private final ChangeSource changes;
  private final BasisSignature basis;
  private final @Nullable SourceRecord record;
  private final @Nullable MoveSearch moved;
  private final @Nullable SourcePatrol patrol;
  private final boolean compress;
  private final Monitor monitor;
  private final SignatureShape shape;
  private final Geometry geometry;
  private final BlockDevice volume;
  private final BlockReading reading;
  private final DeltaGathering gathering;
  private final HeatCount heat;
  private final ByteBuffer zeroFrames = LittleEndian.direct(ZERO_FRAMES);

  private long bytesRead;
  private long blocksChanged;
  private long zeroBytes;
  private long literalBytes;
  private long copiedBytes;
  private long firstDifference = -1;

  /**
   * @param record null when nothing is to be sent, only to be looked at
   * @param patrol hears what {@code changes} had missed; null when nobody patrols
   */
  Delivery(
      Line line,
      Plan plan,
      SenderSession session,
      BlockDevice volume,
      ChangeSource changes,
      BasisSignature basis,
      @Nullable SourceRecord record,
      @Nullable SourcePatrol patrol,
      Session.Settings settings,
      Monitor monitor)
      throws IOException {
    this.line = line;
    this.plan = plan;
    this.session = session;
    this.changes = changes;
    this.basis = basis;
    this.record = record;
    this.patrol = patrol;
    this.compress = settings.compress();
    this.monitor = monitor;
    this.shape = plan.shape();
    this.geometry = shape.geometry();
    this.volume = volume;
    this.reading = BlockReading.ofSource(volume, geometry);
    this.gathering =
        new DeltaGathering(
            line, session, new DeltaEncoder(geometry, shape.hash(), compress), record != null);
    this.heat = new HeatCount(geometry);
    boolean match =
        plan.allowsCopies()
            && plan.purpose() != Purpose.VERIFY
            && settings.matching().mode() != MatchLimits.Mode.OFF;
    this.moved = match ? new MoveSearch(shape, basis, settings.matching()) : null;
  }

  /** Reads everything that may differ and sends what does. Returns the END to send. */
  End run() throws IOException {
    monitor.phase(
        plan.purpose() == Purpose.VERIFY ? Monitor.Phase.VERIFYING : Monitor.Phase.SENDING);
    try (ChunkPipeline<SendSlot> pipeline =
        new ChunkPipeline<>(
            new BlockSpans(changes, geometry),
            BlockReading.chunkBlocks(geometry),
            this::slot,
            this::work)) {
      pipeline.drain(this::consume);
    }
    gathering.flush();
    checkSize();
    basis.await(geometry.blocks());
    return session.end(record == null ? RootHash.NONE : record.commit(), bytesRead);
  }

  /** What was read as a hole may have been beyond the end. */
  private void checkSize() throws IOException {
    if (volume.size() < geometry.size()) {
      throw new Failure(
          ExitCode.SIZE,
          volume.name()
              + " shrank from "
              + geometry.size()
              + " to "
              + volume.size()
              + " bytes while it was read. The standby was not touched");
    }
  }

  private SendWork work() {
    return new SendWork(
        shape, reading, basis, record == null ? null : record.base(), moved, record != null, heat);
  }

  private SendSlot slot() {
    return new SendSlot(shape, compress);
  }

  private void consume(BlockSpans.Run run, @Nullable SendSlot slot) throws IOException {
    if (slot != null) {
      if (patrol != null && run.kind() == Span.Kind.PATROL) {
        patrol.read(slot.bytesRead);
        slot.missed.forEach(patrol::missed);
      }
      deliver(slot);
    } else if (run.kind() == Span.Kind.ZERO) {
      zeros(run.first(), run.count());
    }
    long done = geometry.extent(run.first(), run.count()).end();
    monitor.progress(done, geometry.size());
  }

  private void deliver(SendSlot slot) throws IOException {
    bytesRead += slot.bytesRead;
    blocksChanged += slot.deltaBlocks + slot.zeroBlocks;
    zeroBytes += slot.zeroBytes;
    literalBytes += slot.literalBytes;
    copiedBytes += slot.copiedBytes;
    if (firstDifference < 0 && slot.firstDifference >= 0) {
      firstDifference = geometry.offset(slot.firstDifference);
    }
    session.delta(slot.deltaFrames, slot.deltaBlocks, slot.literalBytes, slot.copiedBytes);
    session.zero(slot.zeroBlocks);
    if (slot.frames.position() > 0) {
      gathering.flush();
    }
    if (record != null) {
      line.send(slot.frames.flip());
      record.entries(slot.entries.flip());
    }
    gathering.take(slot.pending);
  }

  /** A part of the volume is zeros: what was something before becomes zero. */
  private void zeros(long first, long count) throws IOException {
    basis.await(first + count);
    zeroFrames.clear();
    ZeroRuns.nonZero(basis::nextNonZero, first, count, this::zeroRun);
    if (record != null) {
      line.send(zeroFrames.flip());
      record.zeros(first, count);
    }
  }

  private void zeroRun(long first, long count) throws IOException {
    blocksChanged += count;
    heat.add(first, count);
    zeroBytes += geometry.extent(first, count).length();
    if (firstDifference < 0) {
      firstDifference = geometry.offset(first);
    }
    gathering.flush();
    session.zero(count);
    if (record == null) {
      return;
    }
    Frames.encode(new Zero(first, count), zeroFrames);
    if (zeroFrames.remaining() < ZERO_FRAME) {
      line.send(zeroFrames.flip());
      zeroFrames.clear();
    }
  }

  /** Sends these blocks again, whole. Returns the END to send. */
  End repair(List<Long> blocks, RootHash root) throws IOException {
    SendWork work = work();
    SendSlot slot = slot();
    for (long block : blocks) {
      work.repair(block, slot);
      session.delta(slot.deltaFrames, slot.deltaBlocks, slot.literalBytes, slot.copiedBytes);
      session.zero(slot.zeroBlocks);
      literalBytes += slot.literalBytes;
      line.send(slot.frames.flip());
    }
    return session.end(root, bytesRead);
  }

  /**
   * What was done, once the standby acknowledged it.
   *
   * @param patrolled what both ends' patrols did; null when there was none
   */
  Summary summary(Ack ack, @Nullable Patrolled patrolled, long nanos) {
    return new Summary(
        plan.label(),
        ack.epoch(),
        ack.root(),
        changes.name(),
        geometry.size(),
        bytesRead,
        ack.bytesRead(),
        line.sent(),
        line.received(),
        ack.bytesWritten(),
        ack.journalBytes(),
        blocksChanged + gathering.blocks(),
        zeroBytes,
        literalBytes + gathering.literalBytes(),
        copiedBytes + gathering.copiedBytes(),
        firstDifference,
        patrolled,
        nanos,
        heat.heat());
  }
}
