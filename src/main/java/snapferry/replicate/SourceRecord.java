package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import snapferry.delta.RootHash;
import snapferry.delta.Signature;
import snapferry.delta.SignatureShape;
import snapferry.delta.TreeUpdate;
import snapferry.delta.Zeros;
import snapferry.device.StateDirectory;
import snapferry.journal.JournalWriter;
import snapferry.journal.StateFiles;

/**
 * The source's record of the epoch that is on its way: which signature entries change, in a
 * journal, and the root hash that follows from them. Nothing of it counts until the standby
 * acknowledges.
 */
final class SourceRecord implements Closeable {
  private final Signature base;
  private final JournalWriter journal;
  private final TreeUpdate tree;
  private final SignatureShape shape;
  private final StateDirectory directory;
  private boolean committing;

  /**
   * @param base our signature before this epoch; what is recorded are its changes
   * @param directory where the journal is
   */
  SourceRecord(Signature base, JournalWriter journal, StateDirectory directory) {
    this.directory = directory;
    this.base = base;
    this.journal = journal;
    this.shape = base.shape();
    this.tree = new TreeUpdate(base, new JournalNodes(journal));
  }

  /**
   * Records changed entries: per block its number u64 and its entry. In the order of the volume.
   */
  void entries(ByteBuffer entries) throws IOException {
    while (entries.hasRemaining()) {
      long block = entries.getLong();
      int at = entries.position();
      int end = entries.limit();
      if (Zeros.isZero(entries, at, shape.hash().length())) {
        journal.zero(block, 1);
        tree.putZeros(block, 1);
      } else {
        journal.block(block, entries.limit(at + shape.entryLength()));
        tree.put(block, entries, at);
      }
      entries.limit(end).position(at + shape.entryLength());
    }
  }

  /** Records that these blocks are zeros. */
  void zeros(long first, long count) throws IOException {
    ZeroRuns.nonZero(
        base::nextNonZero,
        first,
        count,
        (from, run) -> {
          journal.zero(from, run);
          tree.putZeros(from, run);
        });
  }

  /** Our own signature before this epoch. */
  Signature base() {
    return base;
  }

  /** Closes the record: durable, and committed as far as it is up to us. */
  RootHash commit() throws IOException {
    RootHash root = tree.finish();
    committing = true;
    journal.commit(root);
    return root;
  }

  @Override
  public void close() throws IOException {
    journal.close();
    if (!committing) {
      directory.delete(StateFiles.JOURNAL);
    }
  }
}
