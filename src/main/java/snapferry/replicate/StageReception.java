package snapferry.replicate;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import snapferry.delta.RootHash;
import snapferry.delta.Signature;
import snapferry.delta.TreeUpdate;
import snapferry.device.BlockDevice;
import snapferry.journal.JournalHeader;
import snapferry.journal.JournalRecovery;
import snapferry.journal.JournalWriter;
import snapferry.journal.StateFiles;
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
  private final BlockDevice image;
  private final Signature signature;
  private final EpochStore store;
  private final Monitor monitor;
  private final Assembly assembly;
  private final AfterImage afterImage;
  private final JournalWriter journal;
  private final TreeUpdate tree;
  private boolean committing;

  /**
   * @param patrol reads the image meanwhile; null where a block that is not what the last epoch
   *     left there ends the run
   */
  StageReception(
      Plan plan,
      BlockDevice image,
      Signature signature,
      EpochStore store,
      @Nullable StandbyPatrol patrol,
      Monitor monitor)
      throws IOException {
    this.plan = plan;
    this.image = image;
    this.signature = signature;
    this.store = store;
    this.monitor = monitor;
    this.assembly = new Assembly(image, signature, true, patrol == null ? null : patrol::met);
    this.afterImage = new AfterImage(signature.shape().geometry());
    this.journal =
        JournalWriter.create(
            store.directory(),
            new JournalHeader(
                plan.shape(), plan.basisEpoch(), plan.epoch(), plan.volume(), plan.time()));
    this.tree = new TreeUpdate(signature, new JournalNodes(journal));
  }

  @Override
  public boolean block(DeltaDecoder delta, boolean repeated) throws IOException {
    if (!repeated) {
      // The announced hash is what the root is made of; that the bytes match it is proven block by
      // block.
      tree.put(delta.block(), delta.hash(), delta.hashAt());
    }
    if (!assembly.build(delta, repeated)) {
      return false;
    }
    afterImage.take(delta, assembly.block());
    journal.block(
        delta.block(),
        assembly.entry(),
        afterImage.ops(),
        afterImage.literals(),
        afterImage.literalsAt(),
        afterImage.literalsLength());
    return true;
  }

  @Override
  public void zeros(long first, long count, boolean repeated) throws IOException {
    if (!repeated) {
      for (long block = first; block < first + count; block++) {
        // Zeros are right whatever was there; who must know hears of it.
        assembly.readBasis(block);
      }
      tree.putZeros(first, count);
    }
    journal.zero(first, count);
  }

  @Override
  public Ack complete(End end) throws IOException {
    RootHash root = tree.finish();
    ReceiverSession.prove(root, end.root());
    monitor.phase(Monitor.Phase.COMMITTING);
    if (plan.basis() == Basis.READ) {
      // The journal holds changes of a signature that was built anew: that one must be durable
      // first.
      signature.sync();
    }
    long journalBytes = journal.bytes();
    committing = true;
    journal.commit(root);
    journal.close();
    monitor.phase(Monitor.Phase.APPLYING);
    try (JournalRecovery recovery = store.inspect()) {
      long written = store.replay(recovery, image, monitor);
      return new Ack(plan.epoch(), root, assembly.bytesRead(), written, journalBytes);
    }
  }

  @Override
  public Signature rebuilt() {
    return signature;
  }

  @Override
  public void close() throws IOException {
    journal.close();
    if (!committing) {
      store.directory().delete(StateFiles.JOURNAL);
    }
  }
}
