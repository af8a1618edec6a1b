package snapferry.session;

import java.util.List;
import snapferry.codec.FormatException;
import snapferry.delta.RootHash;
import snapferry.extent.Geometry;
import snapferry.wire.Ack;
import snapferry.wire.Basis;
import snapferry.wire.End;
import snapferry.wire.Plan;
import snapferry.wire.Purpose;

/**
 * The sender's side of the conversation once the plan is sent: what may come back when, and the
 * counts that END tells.
 *
 * <pre>
 *   STREAMING ── END ──▶ CLOSING ── RESEND ──▶ REPAIRING ── END ──▶ CLOSING ── ACK ──▶ DONE
 *       ▲ SIGNATURE: contiguous, from block 0
 * </pre>
 */
public final class SenderSession {
  private enum Phase {
    STREAMING,
    CLOSING,
    REPAIRING,
    DONE
  }

  private final Plan plan;
  private final Geometry geometry;
  private Phase phase = Phase.STREAMING;
  private boolean repaired;
  private long signed;
  private long deltaFrames;
  private long deltaBlocks;
  private long zeroBlocks;
  private long literalBytes;
  private long copiedBytes;

  public SenderSession(Plan plan) {
    this.plan = plan;
    this.geometry = plan.shape().geometry();
  }

  /** SIGNATURE or ZERO_SIGNATURE came for these blocks. */
  public void signature(long first, long count) throws FormatException {
    require(
        plan.basis() == Basis.STORED || plan.basis() == Basis.READ,
        "a signature that was not asked for");
    require(
        first == signed && count >= 1 && count <= geometry.blocks() - first,
        "signature of blocks " + first + " and " + (count - 1) + " more, expected block " + signed);
    signed += count;
  }

  /** DELTA frames go out. */
  public void delta(long frames, long blocks, long literals, long copied) {
    deltaFrames += frames;
    deltaBlocks += blocks;
    literalBytes += literals;
    copiedBytes += copied;
  }

  /** ZERO frames go out, of so many blocks together. */
  public void zero(long count) {
    zeroBlocks += count;
  }

  /** END goes out: what it says of this round. */
  public End end(RootHash root, long bytesRead) {
    phase = Phase.CLOSING;
    End end =
        new End(root, deltaFrames, deltaBlocks, zeroBlocks, literalBytes, copiedBytes, bytesRead);
    deltaFrames = 0;
    deltaBlocks = 0;
    zeroBlocks = 0;
    literalBytes = 0;
    copiedBytes = 0;
    return end;
  }

  /**
   * RESEND came: these blocks must go out again, whole. Once.
   *
   * @param blocks ascending, as in {@link snapferry.wire.Resend}
   */
  public void resend(List<Long> blocks) throws FormatException {
    require(phase == Phase.CLOSING && !repaired, "RESEND out of turn");
    require(plan.purpose() == Purpose.REPLICATE, "RESEND although nothing was sent");
    require(
        blocks.get(blocks.size() - 1) < geometry.blocks(),
        "RESEND of blocks that the volume does not have");
    repaired = true;
    phase = Phase.REPAIRING;
  }

  /**
   * ACK came: it must be for the epoch and root that were sent or, when nothing was, for those that
   * the standby held before.
   */
  public void acknowledge(Ack ack, End end) throws FormatException {
    require(phase == Phase.CLOSING, "ACK before END");
    boolean replicates = plan.purpose() == Purpose.REPLICATE;
    long epoch = replicates ? plan.epoch() : plan.basisEpoch();
    RootHash root = replicates ? end.root() : plan.basisRoot();
    require(
        ack.epoch() == epoch && ack.root().equals(root),
        "ACK for epoch " + ack.epoch() + ", root " + ack.root().brief());
    phase = Phase.DONE;
  }

  private static void require(boolean sane, String what) throws FormatException {
    if (!sane) {
      throw new FormatException(what);
    }
  }
}
