package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import snapferry.change.BlockSpans;
import snapferry.change.Scan;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.delta.NodeSink;
import snapferry.delta.RootHash;
import snapferry.delta.Signature;
import snapferry.delta.SignatureShape;
import snapferry.delta.TreeUpdate;
import snapferry.device.BlockDevice;
import snapferry.extent.Geometry;
import snapferry.failure.ExitCode;
import snapferry.failure.Failure;
import snapferry.journal.JournalHeader;
import snapferry.journal.Manifest;
import snapferry.journal.UndoChain;
import snapferry.journal.UndoHeader;
import snapferry.journal.UndoReader;

/**
 * Takes a standing image back to what an earlier epoch held: by the undo records from its own epoch
 * down to that one, merged, as one new epoch, which is proven by the root hash of the earlier one,
 * committed and applied as any other. So it is undone as any other, too.
 *
 * <pre>
 *  image ─▶ block ── hash == signature's? ─┐
 *  undo records, merged ───────────────────┴─▶ block as it was ─▶ StagedEpoch ── root == the earlier root? ─▶ commit
 * </pre>
 */
public final class Rollback {
  private static final int PIECE = 1 << 20;

  private static final NodeSink NOWHERE =
      new NodeSink() {
        @Override
        public void putNode(int level, long index, ByteBuffer node) {}

        @Override
        public void putZeroNodes(int level, long first, long count) {}
      };

  private final Standby standby;
  private final EpochStore store;
  private final Manifest before;
  private final UndoHeader goal;
  private final List<UndoHeader> links;
  private final Monitor monitor;
  private long blocks;

  private Rollback(
      Standby standby, EpochStore store, Manifest before, List<UndoHeader> links, Monitor monitor) {
    this.standby = standby;
    this.store = store;
    this.before = before;
    this.links = links;
    this.goal = links.get(links.size() - 1);
    this.monitor = monitor;
  }

  /**
   * What came of it.
   *
   * @param blocks blocks that are not what they were before
   * @param bytesWritten bytes written to the image
   * @param manifest what the image holds now
   */
  public record Outcome(long blocks, long bytesWritten, Manifest manifest) {}

  /**
   * Finds and checks what it takes to go back to {@code epoch}; changes nothing.
   *
   * @throws Failure {@link ExitCode#USAGE} if the image never held this epoch, {@link
   *     ExitCode#FAILED} if not so much is kept, {@link ExitCode#INTEGRITY} if what is kept is
   *     damaged
   */
  public static Rollback prepare(Standby standby, long epoch, Monitor monitor) throws IOException {
    Manifest manifest = standby.requireEpoch();
    EpochStore store = standby.requireStore();
    if (epoch < 1 || epoch >= manifest.epoch()) {
      throw new Failure(
          ExitCode.USAGE,
          standby.name() + " holds epoch " + manifest.epoch() + ": no rollback leads to " + epoch);
    }
    UndoChain chain = UndoChain.of(store.directory(), manifest);
    List<UndoHeader> links = chain.to(epoch);
    if (links.isEmpty()) {
      long furthest = manifest.epoch() - chain.links().size();
      ExitCode exit = chain.broken() ? ExitCode.INTEGRITY : ExitCode.FAILED;
      throw unreachable(exit, standby, epoch, furthest, chain.end());
    }
    for (UndoHeader link : links) {
      try {
        UndoReader.verify(store.directory(), link.epoch());
      } catch (FormatException e) {
        throw unreachable(
            ExitCode.INTEGRITY, standby, epoch, link.epoch(), String.valueOf(e.getMessage()));
      }
    }
    return new Rollback(standby, store, manifest, links, monitor);
  }

  private static Failure unreachable(
      ExitCode exit, Standby standby, long epoch, long furthest, String reason) {
    return new Failure(
        exit,
        "%s does not go back to epoch %d: the earliest that it can go back to is epoch %d (%s). Nothing was touched"
            .formatted(standby.name(), epoch, furthest, reason));
  }

  /** What the image held at the epoch to go back to. */
  public UndoHeader goal() {
    return goal;
  }

  /**
   * Does all but write, and tells how many blocks are not what they were.
   *
   * @return -1 if only the real thing can tell: the signature is missing, or of another shape
   */
  public long rehearse() throws IOException {
    @Nullable Signature signature = signature();
    if (signature == null) {
      return -1;
    }
    prove(restore(signature, new TreeUpdate(signature, NOWHERE), null));
    return blocks;
  }

  /** Goes back. */
  public Outcome run() throws IOException {
    @Nullable Signature stored = signature();
    Signature signature = stored == null ? read() : stored;
    JournalHeader header =
        new JournalHeader(
            goal.shape(), before.epoch(), before.epoch() + 1, before.volume(), goal.time());
    try (StagedEpoch epoch =
        new StagedEpoch(store, header, image(), signature, links.get(0).keep(), monitor)) {
      RootHash root = restore(signature, epoch.tree(), epoch);
      prove(root);
      monitor.phase(Monitor.Phase.COMMITTING);
      if (stored == null) {
        // The journal holds changes of it, so it must be durable first.
        signature.sync();
      }
      long written = epoch.commit(root);
      return new Outcome(blocks, written, standby.requireEpoch());
    }
  }

  /**
   * Goes through all that the undo records tell of.
   *
   * @param epoch where it goes to; null for nowhere
   * @return the root of what comes out
   */
  private RootHash restore(Signature signature, TreeUpdate tree, @Nullable StagedEpoch epoch)
      throws IOException {
    monitor.phase(Monitor.Phase.RECOVERING);
    Geometry geometry = goal.shape().geometry();
    try (UndoMerge merge = UndoMerge.open(store.directory(), links)) {
      Restoration restored = new Restoration(image(), signature, merge);
      while (restored.next()) {
        blocks++;
        if (restored.isZero()) {
          tree.putZeros(restored.block(), 1);
        } else {
          tree.put(restored.block(), restored.entry(), 0);
        }
        if (epoch != null) {
          stage(restored, epoch);
        }
        monitor.progress(geometry.extent(restored.block(), 1).end(), geometry.size());
      }
    }
    if (epoch != null) {
      keepBeyond(geometry.size(), epoch);
    }
    return tree.finish();
  }

  private static void stage(Restoration restored, StagedEpoch epoch) throws IOException {
    epoch.keep(restored.block(), restored.ops(), restored.before());
    if (restored.isZero()) {
      epoch.journal().zero(restored.block(), 1);
    } else {
      epoch
          .journal()
          .block(
              restored.block(),
              restored.entry(),
              restored.ops(),
              restored.literals(),
              0,
              restored.literalsLength());
    }
  }

  /** What lies behind the end that the volume had is lost to who goes back, unless it is kept. */
  private void keepBeyond(long end, StagedEpoch epoch) throws IOException {
    Geometry geometry = before.shape().geometry();
    ByteBuffer bytes = LittleEndian.direct(PIECE);
    BlockReading reading = BlockReading.ofImage(image(), geometry);
    for (long at = end; at < geometry.size(); at += PIECE) {
      int length = (int) Math.min(PIECE, geometry.size() - at);
      reading.read(at, bytes.clear().limit(length));
      epoch.keepBeyond(at, bytes.clear(), length);
    }
  }

  private BlockDevice image() {
    return Objects.requireNonNull(standby.image(), "a standing image is there");
  }

  /** The signature of the image in the shape that the goal has; null if there is none. */
  private @Nullable Signature signature() {
    Signature signature = standby.signature();
    return signature == null || !signature.shape().equals(goal.shape()) ? null : signature;
  }

  /** Reads the image as it is, as if it were of the goal's shape. */
  private Signature read() throws IOException {
    monitor.note(standby.name() + ": is read for a signature of the size and kind that it had");
    SignatureShape shape = goal.shape();
    Geometry geometry = shape.geometry();
    Signature signature = store.restartSignature(shape);
    try (ChunkPipeline<EntryChunk> pipeline =
        EntryChunk.pipeline(
            new BlockSpans(new Scan(image(), geometry.size()), geometry),
            BlockReading.ofImage(image(), geometry),
            shape)) {
      pipeline.drain(
          (run, chunk) -> {
            if (chunk != null) {
              int count = (int) run.count();
              signature.putEntries(run.first(), count, chunk.entries(count));
            }
          });
    }
    signature.rebuildTree();
    return signature;
  }

  private void prove(RootHash root) throws Failure {
    if (!root.equals(goal.baseRoot())) {
      throw new Failure(
          ExitCode.INTEGRITY,
          "%s: what the undo records make of it has root %s, but epoch %d had %s. Nothing was touched; verify tells whether the image is what it should be"
              .formatted(standby.name(), root.brief(), goal.baseEpoch(), goal.baseRoot().brief()));
    }
  }
}
