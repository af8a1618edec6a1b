package snapferry.delta;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.device.Storage;

/**
 * A signature file: block hashes, page sums and the tree of one volume, as {@code signature.md}
 * lays them out. What was never written is zero, which is the signature of zeros, and lies in a
 * hole.
 *
 * <p>Entries and nodes are stored apart: who changes entries brings the tree up to date by {@link
 * TreeUpdate} or {@link #rebuildTree}. Several threads may read, and one may write, as long as
 * nobody reads the very entry that is being written. Buffers are read and filled from their
 * position, which advances. Nothing is durable before {@link #sync}.
 */
public final class Signature implements NodeSink, Closeable {
  private final Storage storage;
  private final SignatureShape shape;
  private final TreeShape tree;
  private final Section[] levels;
  private final Section pageSums;

  private Signature(Storage storage, SignatureShape shape) {
    this.storage = storage;
    this.shape = shape;
    SignatureLayout layout = new SignatureLayout(shape);
    tree = layout.tree();
    levels = new Section[tree.levels() + 1];
    levels[0] = new Section(storage, layout.hashes(), shape.hash().length(), tree.blocks());
    for (int level = 1; level < levels.length; level++) {
      levels[level] = new Section(storage, layout.nodes(level), TreeShape.NODE, tree.nodes(level));
    }
    pageSums = new Section(storage, layout.pageSums(), shape.pageSumsLength(), tree.blocks());
  }

  /** Makes {@code storage}, whatever it held, the signature of a volume of zeros. */
  public static Signature create(Storage storage, SignatureShape shape) throws IOException {
    storage.resize(0);
    storage.resize(new SignatureLayout(shape).length());
    storage.write(0, SignatureHeader.encode(shape));
    return new Signature(storage, shape);
  }

  /**
   * Opens what {@link #create} made.
   *
   * @throws FormatException if the header or the length is not that of a signature; build a new one
   */
  public static Signature open(Storage storage) throws IOException {
    long size = storage.size();
    if (size < SignatureHeader.LENGTH) {
      throw new FormatException("signature of " + size + " bytes ends inside its header");
    }
    ByteBuffer header = LittleEndian.heap(SignatureHeader.LENGTH);
    storage.read(0, header);
    SignatureShape shape = SignatureHeader.decode(header);
    long length = new SignatureLayout(shape).length();
    if (size != length) {
      throw new FormatException("signature of " + size + " bytes, which should be " + length);
    }
    return new Signature(storage, shape);
  }

  /** Geometry, hash and key. */
  public SignatureShape shape() {
    return shape;
  }

  /** Puts the hashes of {@code count} blocks from {@code first} on into {@code into}. */
  public void hashes(long first, int count, ByteBuffer into) throws IOException {
    levels[0].read(first, count, into);
  }

  /**
   * Puts the page sums of {@code count} blocks from {@code first} on into {@code into}: {@link
   * SignatureShape#pageSumsLength} bytes each.
   */
  public void pageSums(long first, int count, ByteBuffer into) throws IOException {
    pageSums.read(first, count, into);
  }

  /**
   * Puts hash and page sums of {@code block} into {@code into}: {@link SignatureShape#entryLength}
   * bytes. Those of a zero hash are zero, also where a power cut kept older ones.
   */
  public void entry(long block, ByteBuffer into) throws IOException {
    entries(block, 1, into);
  }

  /**
   * Sets hash and page sums of {@code block}, {@link SignatureShape#entryLength} bytes of {@code
   * entry}.
   */
  public void putEntry(long block, ByteBuffer entry) throws IOException {
    if (isZero(entry, entry.position())) {
      putZeros(block, 1);
      entry.position(entry.position() + shape.entryLength());
    } else {
      // The hash first, as putZeros clears it last: the page sums of a zero hash are zero at any
      // moment.
      levels[0].write(block, 1, entry);
      pageSums.write(block, 1, entry);
    }
  }

  /**
   * Puts the entries of {@code count} blocks from {@code first} on into {@code into}, as {@link
   * #entry} does one by one, only faster.
   */
  public void entries(long first, int count, ByteBuffer into) throws IOException {
    int hash = shape.hash().length();
    int sums = shape.pageSumsLength();
    int at = into.position();
    ByteBuffer rows = Section.SCRATCH.get();
    int most = rows.capacity() / Math.max(hash, sums);
    ByteBuffer zeros = Zeros.buffer();
    for (int done = 0; done < count; done += most) {
      int batch = Math.min(most, count - done);
      levels[0].read(first + done, batch, rows.clear());
      for (int i = 0; i < batch; i++) {
        into.put(at + (done + i) * shape.entryLength(), rows, i * hash, hash);
      }
      pageSums.read(first + done, batch, rows.clear());
      for (int i = 0; i < batch; i++) {
        int entry = at + (done + i) * shape.entryLength();
        boolean zero = isZero(into, entry);
        into.put(entry + hash, zero ? zeros : rows, zero ? 0 : i * sums, sums);
      }
    }
    into.position(at + count * shape.entryLength());
  }

  /**
   * Sets the entries of {@code count} blocks from {@code first} on, as {@link #putEntry} does one
   * by one, only faster.
   */
  public void putEntries(long first, int count, ByteBuffer entries) throws IOException {
    int length = shape.entryLength();
    int at = entries.position();
    int most =
        Section.SCRATCH.get().capacity() / Math.max(shape.hash().length(), shape.pageSumsLength());
    int done = 0;
    while (done < count) {
      boolean zero = isZero(entries, at + done * length);
      int run = 1;
      while (run < most
          && done + run < count
          && isZero(entries, at + (done + run) * length) == zero) {
        run++;
      }
      if (zero) {
        putZeros(first + done, run);
      } else {
        // The hashes first, as in putEntry.
        putColumn(levels[0], first + done, run, entries, at + done * length);
        putColumn(pageSums, first + done, run, entries, at + done * length + shape.hash().length());
      }
      done += run;
    }
    entries.position(at + count * length);
  }

  /** Whether the entry at {@code entries[at...]} is that of a block of zeros. */
  boolean isZero(ByteBuffer entries, int at) {
    return Zeros.isZero(entries, at, shape.hash().length());
  }

  /** Gathers one part of each of {@code count} entries and writes them to their section. */
  private void putColumn(Section section, long first, int count, ByteBuffer entries, int at)
      throws IOException {
    // A write that failed left the limit where it was.
    ByteBuffer rows = Section.SCRATCH.get().clear();
    int item = section.itemLength();
    for (int i = 0; i < count; i++) {
      rows.put(i * item, entries, at + i * shape.entryLength(), item);
    }
    section.write(first, count, rows.clear());
  }

  /**
   * A way to set many entries, for one thread.
   *
   * @param alone whether nobody else writes meanwhile; else every entry is written by itself, and
   *     what others set between two of them stays
   */
  public EntryWriter entryWriter(boolean alone) {
    return new EntryWriter(this, levels[0], pageSums, alone);
  }

  /**
   * Sets {@code count} blocks from {@code first} on to zeros, without filling the holes where they
   * are.
   */
  public void putZeros(long first, long count) throws IOException {
    clear(levels[0], pageSums, first, count);
  }

  /**
   * Puts node {@code index} of {@code level} into {@code into}: 32 bytes; for level 0 a block hash.
   */
  public void node(int level, long index, ByteBuffer into) throws IOException {
    levels[level].read(index, 1, into);
  }

  /** The shape of its tree. */
  public TreeShape tree() {
    return tree;
  }

  /** Bytes of all children of node {@code index} of {@code level}, which is at least 1. */
  public int childrenLength(int level, long index) {
    return tree.children(level, index) * levels[level - 1].itemLength();
  }

  /** Puts the children of node {@code index} of {@code level} into {@code into}, in order. */
  public void children(int level, long index, ByteBuffer into) throws IOException {
    levels[level - 1].read(TreeShape.firstChild(index), tree.children(level, index), into);
  }

  @Override
  public void putNode(int level, long index, ByteBuffer node) throws IOException {
    if (Zeros.isZero(node, node.position(), TreeShape.NODE)) {
      node.position(node.position() + TreeShape.NODE);
      putZeroNodes(level, index, 1);
    } else {
      levels[level].write(index, 1, node);
    }
  }

  @Override
  public void putZeroNodes(int level, long first, long count) throws IOException {
    clear(levels[level], null, first, count);
  }

  /**
   * Clears what is not zero, group by group, so that holes stay holes.
   *
   * @param follower where the same items are cleared too, and before
   */
  private static void clear(Section section, @Nullable Section follower, long first, long count)
      throws IOException {
    Objects.checkFromIndexSize(first, count, section.items());
    long end = first + count;
    long item = section.nextNonZero(first, end);
    while (item < end) {
      long groupEnd = Math.min(end, endOfGroup(item));
      if (follower != null) {
        follower.clear(item, groupEnd - item);
      }
      section.clear(item, groupEnd - item);
      item = section.nextNonZero(groupEnd, end);
    }
  }

  /**
   * The first block in {@code [from, limit)} whose hash is not zero, or {@code limit}. Leaps over
   * what the tree says is zero, so the tree must be up to date.
   */
  public long nextNonZero(long from, long limit) throws IOException {
    return nextNonZero(0, from, limit);
  }

  private long nextNonZero(int level, long from, long limit) throws IOException {
    if (level == tree.levels()) {
      return levels[level].nextNonZero(from, limit);
    }
    long at = from;
    while (at < limit) {
      long groupEnd = Math.min(limit, endOfGroup(at));
      long found = levels[level].nextNonZero(at, groupEnd);
      if (found < groupEnd || groupEnd == limit) {
        return found;
      }
      long parentLimit = TreeShape.parent(limit - 1) + 1;
      at = TreeShape.firstChild(nextNonZero(level + 1, TreeShape.parent(groupEnd), parentLimit));
    }
    return limit;
  }

  private static long endOfGroup(long index) {
    return TreeShape.firstChild(TreeShape.parent(index) + 1);
  }

  /** The root hash, from the stored top of the tree. */
  public RootHash root() throws IOException {
    ByteBuffer top = LittleEndian.heap(TreeShape.NODE);
    node(tree.levels(), 0, top);
    return new TreeHash().root(shape, top, 0);
  }

  /**
   * Computes the tree anew from the block hashes, in one pass, and stores the nodes that were
   * wrong.
   */
  public void rebuildTree() throws IOException {
    new TreeScan(levels).wrongNodes(this);
  }

  /** Whether every stored node is what the nodes below it say. */
  public boolean isTreeSound() throws IOException {
    return new TreeScan(levels).wrongNodes(null) == 0;
  }

  /**
   * Looks whether the stored nodes above the blocks {@code [first, end)} are what is below them.
   *
   * @param most how many to find
   * @return nodes of level 1 that are not, or that lie below one that is not; ascending
   */
  public List<Long> wrongGroups(long first, long end, int most) throws IOException {
    return new TreeScan(levels).wrongGroups(first, end, most);
  }

  /** Level {@code level} of the tree: nodes, or the block hashes for level 0. */
  Section level(int level) {
    return levels[level];
  }

  /** Makes everything written so far durable. */
  public void sync() throws IOException {
    storage.sync();
  }

  @Override
  public void close() throws IOException {
    storage.close();
  }
}
