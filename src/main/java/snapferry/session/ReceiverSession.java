package snapferry.session;

import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import snapferry.codec.FormatException;
import snapferry.delta.RootHash;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.wire.End;
import snapferry.wire.Resend;

/**
 * The receiver's side of the conversation once the plan is admitted: in which order blocks may
 * come, whether what came is what END counts, which blocks must come again, and when the epoch is
 * complete.
 *
 * <pre>
 *            DELTA, ZERO: ascending                DELTA, ZERO: exactly the blocks asked for
 *            ┌─────────┐                           ┌─────────┐
 *            ▼         │                           ▼         │
 *          STREAMING ──┴── END ── mismatches ──▶ REPAIRING ──┴── END ──▶ COMPLETE
 *                           └────── none ─────────────────────────────────▲
 * </pre>
 */
public final class ReceiverSession {
  private enum Phase {
    STREAMING,
    REPAIRING,
    COMPLETE
  }

  private final Geometry geometry;
  private final NavigableSet<Long> mismatches = new TreeSet<>();
  private List<Long> asked = List.of();
  private Phase phase = Phase.STREAMING;
  private long next;
  private int repaired;
  private long deltaFrames;
  private long deltaBlocks;
  private long zeroBlocks;
  private long literalBytes;
  private long copiedBytes;

  public ReceiverSession(Geometry geometry) {
    this.geometry = geometry;
  }

  /** Whether blocks that came before come again. */
  public boolean isRepairing() {
    return phase == Phase.REPAIRING;
  }

  /** A DELTA frame came, with so many literal and copied bytes. */
  public void deltaFrame(long literals, long copied) throws FormatException {
    require(phase != Phase.COMPLETE, "DELTA after the last END");
    deltaFrames++;
    literalBytes += literals;
    copiedBytes += copied;
  }

  /** It changes this block. */
  public void deltaBlock(long block) throws FormatException {
    require(phase != Phase.COMPLETE, "DELTA after the last END");
    if (phase == Phase.REPAIRING) {
      repair(block);
    } else {
      ascend(block, 1);
    }
    deltaBlocks++;
  }

  private void repair(long block) throws FormatException {
    require(
        repaired < asked.size() && asked.get(repaired) == block,
        "block " + block + ", which was not asked for");
    repaired++;
  }

  /** A ZERO frame came. */
  public void zero(long first, long count) throws FormatException {
    require(phase != Phase.COMPLETE, "ZERO after the last END");
    if (phase == Phase.REPAIRING) {
      for (long block = first; block < first + count; block++) {
        repair(block);
      }
    } else {
      ascend(first, count);
    }
    zeroBlocks += count;
  }

  /**
   * A block did not come out as its hash says, or another reason was found to ask for it. While
   * repairing that is final.
   *
   * @throws Failure with {@link ExitCode#INTEGRITY}; also when there are more blocks than can be
   *     asked for again: so many are no accident
   */
  public void mismatch(long block) throws Failure {
    if (phase == Phase.REPAIRING) {
      throw new Failure(
          ExitCode.INTEGRITY,
          "block at offset "
              + geometry.offset(block)
              + " was sent whole and still does not hash to what the source announced: it changed"
              + " while it was read, or memory on the way is bad. Nothing was committed");
    }
    if (mismatches.size() == Resend.MAX_BLOCKS && !mismatches.contains(block)) {
      throw new Failure(
          ExitCode.INTEGRITY,
          "more than "
              + Resend.MAX_BLOCKS
              + " blocks did not come out as their hashes say, or are not what the last epoch left on"
              + " the standby. Nothing was committed");
    }
    mismatches.add(block);
  }

  /**
   * END came.
   *
   * @return the blocks to ask for again; empty when the epoch is complete
   * @throws FormatException if frames were lost or made up on the way
   */
  public List<Long> end(End end) throws FormatException {
    require(phase != Phase.COMPLETE, "END after the last END");
    require(
        end.deltaFrames() == deltaFrames
            && end.deltaBlocks() == deltaBlocks
            && end.zeroBlocks() == zeroBlocks
            && end.literalBytes() == literalBytes
            && end.copiedBytes() == copiedBytes,
        "END counts other frames than came");
    if (phase == Phase.REPAIRING) {
      require(repaired == asked.size(), "END before every block that was asked for came");
    }
    boolean complete = phase == Phase.REPAIRING || mismatches.isEmpty();
    phase = complete ? Phase.COMPLETE : Phase.REPAIRING;
    asked = List.copyOf(mismatches);
    deltaFrames = 0;
    deltaBlocks = 0;
    zeroBlocks = 0;
    literalBytes = 0;
    copiedBytes = 0;
    return complete ? List.of() : asked;
  }

  /**
   * The root that the standby computed is the one that the source sent, or nothing is committed.
   *
   * @throws Failure with {@link ExitCode#INTEGRITY}
   */
  public static void prove(RootHash computed, RootHash sent) throws Failure {
    if (!computed.equals(sent)) {
      throw new Failure(
          ExitCode.INTEGRITY,
          "the root hash on the standby is "
              + computed.brief()
              + ", the source's is "
              + sent.brief()
              + ": a cached signature does not tell the truth. Nothing was committed. --full reads"
              + " both ends anew");
    }
  }

  private void ascend(long first, long count) throws FormatException {
    require(
        first >= next && count >= 1 && count <= geometry.blocks() - first,
        "blocks " + first + " and " + (count - 1) + " more: out of order or beyond the volume");
    next = first + count;
  }

  private static void require(boolean sane, String what) throws FormatException {
    if (!sane) {
      throw new FormatException(what);
    }
  }
}
