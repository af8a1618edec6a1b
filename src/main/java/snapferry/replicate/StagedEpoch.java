package snapferry.replicate;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import snapferry.delta.PageRuns;
import snapferry.delta.RootHash;
import snapferry.delta.Signature;
import snapferry.delta.TreeUpdate;
import snapferry.device.BlockDevice;
import snapferry.extent.BlockSize;
import snapferry.extent.Geometry;
import snapferry.journal.JournalHeader;
import snapferry.journal.JournalRecovery;
import snapferry.journal.JournalWriter;
import snapferry.journal.Manifest;
import snapferry.journal.StateFiles;
import snapferry.journal.UndoWriter;

/**
 * The next epoch of a standing image, on its way: what the image becomes goes to the journal, what
 * it was there to the undo record, and the tree is brought up to date. Nothing in the image changes
 * before {@link #commit}.
 *
 * <pre>
 *  undo record sealed, fsync ─▶ journal fsync, directory fsync ─▶ commit slots, fsync ─▶ replay ─▶ manifest ─▶ pruned
 * </pre>
 */
final class StagedEpoch implements Closeable {
  private final JournalHeader header;
  private final BlockDevice image;
  private final EpochStore store;
  private final int keep;
  private final Monitor monitor;
  private final Manifest before;
  private final JournalWriter journal;
  private final TreeUpdate tree;
  private final @Nullable UndoWriter undo;
  private boolean lost;
  private boolean committing;
  private long journalBytes;

  /**
   * Starts it.
   *
   * @param header leads from the manifest's epoch to the next
   * @param signature of the image as it is, in the shape of the next epoch
   * @param keep for how many epochs to keep what it takes to go back; 0 for none
   */
  StagedEpoch(
      EpochStore store,
      JournalHeader header,
      BlockDevice image,
      Signature signature,
      int keep,
      Monitor monitor)
      throws IOException {
    this.header = header;
    this.image = image;
    this.store = store;
    this.keep = keep;
    this.monitor = monitor;
    this.before = Objects.requireNonNull(store.manifest(), "a standing image has a manifest");
    this.undo = keep == 0 ? null : UndoWriter.create(store.directory(), before, keep);
    try {
      this.journal = JournalWriter.create(store.directory(), header);
    } catch (Throwable e) {
      if (undo != null) {
        undo.close();
      }
      throw e;
    }
    this.tree = new TreeUpdate(signature, new JournalNodes(journal));
  }

  /** The epoch that the image holds meanwhile. */
  Manifest before() {
    return before;
  }

  JournalWriter journal() {
    return journal;
  }

  TreeUpdate tree() {
    return tree;
  }

  /** Whether what the image was is to be told. */
  boolean keepsHistory() {
    return undo != null && !lost;
  }

  /**
   * What the epoch before was is not known everywhere: its record would lead to what never was.
   * History begins anew with this epoch.
   */
  void loseHistory() {
    lost = true;
  }

  /** Keeps {@code block} as it is before this epoch. Blocks come in the order of the volume. */
  void keep(long block, ByteBuffer before) throws IOException {
    if (undo != null && !lost) {
      Geometry geometry = header.shape().geometry();
      undo.keep(geometry.offset(block), before, 0, geometry.length(block));
    }
  }

  /** Keeps those pages of {@code block} that {@code ops} changes. */
  void keep(long block, byte[] ops, ByteBuffer before) throws IOException {
    if (undo == null || lost) {
      return;
    }
    Geometry geometry = header.shape().geometry();
    for (int page = 0; page < geometry.pages(block); page++) {
      if (ops[page] != PageRuns.SAME) {
        int at = page * BlockSize.PAGE;
        undo.keep(geometry.offset(block) + at, before, at, geometry.pageLength(block, page));
      }
    }
  }

  /** Keeps what lies behind the end of a volume that becomes smaller. */
  void keepBeyond(long offset, ByteBuffer before, int length) throws IOException {
    if (undo != null && !lost) {
      undo.keep(offset, before, 0, length);
    }
  }

  /**
   * Makes the epoch: committed, applied, on record.
   *
   * @param root of the epoch, proven
   * @return bytes written to the image
   */
  long commit(RootHash root) throws IOException {
    ImageSize.check(image, before.shape().geometry().size());
    if (undo != null && lost) {
      undo.abandon();
    } else if (undo != null) {
      undo.seal(root);
      undo.close();
    }
    journalBytes = journal.bytes();
    committing = true;
    journal.commit(root);
    journal.close();
    monitor.phase(Monitor.Phase.APPLYING);
    long written;
    try (JournalRecovery recovery = store.inspect()) {
      written = store.replay(recovery, image, monitor);
    }
    prune();
    return written;
  }

  /** The epoch is there: that something is left over does not undo it. */
  private void prune() {
    try {
      store.keepHistory(lost ? 0 : keep);
    } catch (IOException e) {
      monitor.warn("undo records that are not needed any more stay: " + e.getMessage());
    }
    if (undo != null && lost) {
      monitor.warn(
          "history begins anew with epoch "
              + header.epoch()
              + ": where the image was not what the last epoch left there, what that was is not"
              + " known, so nothing leads back to it. A run that says how many epochs to keep"
              + " (--keep) keeps them from here on");
    }
  }

  /** Bytes of the journal that was committed. */
  long journalBytes() {
    return journalBytes;
  }

  @Override
  public void close() throws IOException {
    journal.close();
    if (!committing) {
      store.directory().delete(StateFiles.JOURNAL);
      if (undo != null) {
        undo.abandon();
      }
    }
  }
}
