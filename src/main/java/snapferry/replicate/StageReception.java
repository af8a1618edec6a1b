package snapferry.replicate;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import snapferry.delta.RootHash;
import snapferry.delta.Signature;
import snapferry.device.BlockDevice;
import snapferry.journal.JournalHeader;
import snapferry.session.ReceiverSession;
import snapferry.wire.Ack;
import snapferry.wire.Basis;
import snapferry.wire.DeltaDecoder;
import snapferry.wire.End;
import snapferry.wire.Plan;

/**
 * A new epoch for a standing image: every block is proven and goes to the journal. Nothing in the
 * image changes before the whole epoch is there, its root is proven and the journal is committed.
 */
final class StageReception implements Reception {
  private final Plan plan;
  private final Signature signature;
  private final Monitor monitor;
  private final Assembly assembly;
  private final AfterImage afterImage;
  private final StagedEpoch epoch;

  /**
   * @param keep for how many epochs to keep what it takes to go back; 0 for none
   * @param patrol reads the image meanwhile; null where a block that is not what the last epoch
   *     left there ends the run
   */
  StageReception(
      Plan plan,
      BlockDevice image,
      Signature signature,
      EpochStore store,
      int keep,
      @Nullable StandbyPatrol patrol,
      Monitor monitor)
      throws IOException {
    this.plan = plan;
    this.signature = signature;
    this.monitor = monitor;
    this.assembly =
        new Assembly(
            image, signature, true, keep > 0, patrol == null ? null : block -> met(block, patrol));
    this.afterImage = new AfterImage(signature.shape().geometry());
    JournalHeader header =
        new JournalHeader(
            plan.shape(), plan.basisEpoch(), plan.epoch(), plan.volume(), plan.time());
    this.epoch = new StagedEpoch(store, header, image, signature, keep, monitor);
  }

  @Override
  public boolean block(DeltaDecoder delta, boolean repeated) throws IOException {
    if (!repeated) {
      // The announced hash is what the root is made of; that the bytes match it is proven block by
      // block.
      epoch.tree().put(delta.block(), delta.hash(), delta.hashAt());
    }
    boolean proven = assembly.build(delta, repeated);
    if (!repeated) {
      keep(delta, proven);
    }
    if (!proven) {
      return false;
    }
    afterImage.take(delta, assembly.block());
    epoch
        .journal()
        .block(
            delta.block(),
            assembly.entry(),
            afterImage.ops(),
            afterImage.literals(),
            afterImage.literalsAt(),
            afterImage.literalsLength());
    return true;
  }

  /**
   * A block that is about to change is not what the last epoch left there: what that was, nobody
   * knows any more, so nothing leads back to it.
   */
  private void met(long block, StandbyPatrol patrol) {
    patrol.met(block);
    epoch.loseHistory();
  }

  /**
   * A block that must come again is kept whole now, as it will be sent whole then, when it is out
   * of order.
   */
  private void keep(DeltaDecoder delta, boolean proven) throws IOException {
    if (!epoch.keepsHistory()) {
      return;
    }
    if (proven) {
      epoch.keep(delta.block(), delta.ops(), assembly.before());
    } else {
      epoch.keep(delta.block(), assembly.before());
    }
  }

  @Override
  public void zeros(long first, long count, boolean repeated) throws IOException {
    if (!repeated) {
      for (long block = first; block < first + count; block++) {
        // Zeros are right whatever was there; who must know hears of it.
        assembly.readBasis(block);
        epoch.keep(block, assembly.block());
      }
      epoch.tree().putZeros(first, count);
    }
    epoch.journal().zero(first, count);
  }

  @Override
  public Ack complete(End end) throws IOException {
    RootHash root = epoch.tree().finish();
    ReceiverSession.prove(root, end.root());
    monitor.phase(Monitor.Phase.COMMITTING);
    if (plan.basis() == Basis.READ) {
      // The journal holds changes of a signature that was built anew: that one must be durable
      // first.
      signature.sync();
      if (!wasEpoch()) {
        epoch.loseHistory();
      }
    }
    long written = epoch.commit(root);
    return new Ack(plan.epoch(), root, assembly.bytesRead(), written, epoch.journalBytes());
  }

  /**
   * Whether the image, of which all was read, was the last epoch. Where that has another shape,
   * nobody knows; whoever goes back there proves its root.
   */
  private boolean wasEpoch() throws IOException {
    return !signature.shape().equals(epoch.before().shape())
        || signature.root().equals(epoch.before().root());
  }

  @Override
  public Signature rebuilt() {
    return signature;
  }

  @Override
  public void close() throws IOException {
    epoch.close();
  }
}
