package snapferry.replicate;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.delta.PageRuns;
import snapferry.extent.Geometry;
import snapferry.session.ReceiverSession;
import snapferry.wire.DeltaDecoder;
import snapferry.wire.DeltaFrame;
import snapferry.wire.End;
import snapferry.wire.Plan;
import snapferry.wire.Zero;

/**
 * Takes in what a source sends of a volume, block by block, and counts it: each block in its order,
 * and once more where it did not come out as its hash says.
 */
final class Intake {
  private final Reception reception;
  private final Monitor monitor;
  private final Geometry geometry;
  private final ReceiverSession session;
  private final DeltaDecoder decoder;
  private final Wanted wanted;
  private final HeatCount heat;
  private long blocksChanged;
  private long zeroBytes;
  private long literalBytes;
  private long copiedBytes;

  Intake(Plan plan, Reception reception, Monitor monitor) {
    this.reception = reception;
    this.monitor = monitor;
    this.geometry = plan.shape().geometry();
    this.session = new ReceiverSession(geometry);
    this.decoder = new DeltaDecoder(geometry, plan.shape().hash(), plan.allowsCopies());
    this.wanted = new Wanted(plan.shape().hash());
    this.heat = new HeatCount(geometry);
  }

  void take(DeltaFrame frame) throws IOException {
    decoder.reset(frame.payload());
    long literals = 0;
    long copied = 0;
    while (decoder.next()) {
      block();
      literals += decoder.literalsLength();
      copied += decoder.copiedLength();
      zeroBytes += DeltaFrame.bytes(PageRuns.ZERO, geometry, decoder.block(), decoder.ops());
    }
    session.deltaFrame(literals, copied);
    literalBytes += literals;
    copiedBytes += copied;
    monitor.progress(
        geometry.offset(decoder.block()) + geometry.length(decoder.block()), geometry.size());
  }

  private void block() throws IOException {
    long block = decoder.block();
    boolean repeated = session.isRepairing();
    session.deltaBlock(block);
    boolean expected = !repeated || wanted.isMetBy(block, decoder.hash(), decoder.hashAt());
    if (!expected || !reception.block(decoder, repeated)) {
      session.mismatch(block);
      wanted.add(block, decoder.hash(), decoder.hashAt());
    }
    if (!repeated) {
      blocksChanged++;
      heat.add(block, 1);
    }
  }

  void take(Zero zero) throws IOException {
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

  /**
   * The source has sent everything that it knows to be wanted.
   *
   * @param patrol found what else must come, if this is the first END; null where there is none
   * @return the blocks that must come again; empty when nothing is missing
   */
  List<Long> end(End end, @Nullable StandbyPatrol patrol, Inbox inbox) throws IOException {
    if (patrol != null && !session.isRepairing()) {
      patrol.join(inbox, wanted);
      for (long block : wanted.blocks()) {
        session.mismatch(block);
      }
    }
    return session.end(end);
  }

  /** Nothing was sent: the END of a session that only looks counts what would have been. */
  void looked(End end) throws FormatException {
    long blocks = geometry.blocks();
    if (end.deltaBlocks() > blocks || end.zeroBlocks() > blocks - end.deltaBlocks()) {
      throw new FormatException("END counts more blocks than the volume has");
    }
    blocksChanged = end.deltaBlocks() + end.zeroBlocks();
    zeroBytes = Math.min(geometry.size(), geometry.offset(end.zeroBlocks()));
    literalBytes = end.literalBytes();
    copiedBytes = end.copiedBytes();
  }

  long blocksChanged() {
    return blocksChanged;
  }

  long zeroBytes() {
    return zeroBytes;
  }

  long literalBytes() {
    return literalBytes;
  }

  long copiedBytes() {
    return copiedBytes;
  }

  /** Where blocks changed. */
  Heat heat() {
    return heat.heat();
  }
}
