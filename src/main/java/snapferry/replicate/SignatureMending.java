package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import snapferry.codec.LittleEndian;
import snapferry.delta.BlockSigner;
import snapferry.delta.NodeSink;
import snapferry.delta.RootHash;
import snapferry.delta.Signature;
import snapferry.delta.SignatureShape;
import snapferry.delta.TreeShape;
import snapferry.delta.TreeUpdate;
import snapferry.device.BlockDevice;
import snapferry.patrol.Slice;

/**
 * Looks whether the hash tree of a stored signature is sound above a slice, and where it is not,
 * makes it so from the image. What comes out counts only if it has the root of the epoch: then the
 * signature was wrong and the image is right.
 */
final class SignatureMending {
  /** Groups of 256 blocks that are mended in one run. A signature with more has another fault. */
  private static final int MAX_GROUPS = 8;

  private final BlockDevice image;
  private final Signature signature;
  private final SignatureShape shape;

  /** An entry as it should be. */
  private record Entry(long block, ByteBuffer bytes) {}

  private SignatureMending(BlockDevice image, Signature signature) {
    this.image = image;
    this.signature = signature;
    this.shape = signature.shape();
  }

  /**
   * Looks and mends. What it mends is durable when it returns.
   *
   * @param root of the epoch that the image holds
   * @return how many groups were wrong; -1 if they could not be mended, and nothing was changed
   */
  static int mend(BlockDevice image, Signature signature, RootHash root, Slice slice)
      throws IOException {
    long blocks = slice.geometry().blocks();
    long end = slice.first() + slice.count();
    List<Long> wrong = new ArrayList<>();
    if (end > blocks) {
      wrong.addAll(signature.wrongGroups(0, end - blocks, MAX_GROUPS + 1));
    }
    for (long group : signature.wrongGroups(slice.first(), Math.min(end, blocks), MAX_GROUPS + 1)) {
      if (!wrong.contains(group)) {
        wrong.add(group);
      }
    }
    if (wrong.isEmpty()) {
      return 0;
    }
    boolean mended =
        wrong.size() <= MAX_GROUPS && new SignatureMending(image, signature).mend(wrong, root);
    return mended ? wrong.size() : -1;
  }

  private boolean mend(List<Long> groups, RootHash root) throws IOException {
    List<Entry> entries = new ArrayList<>();
    TreeUpdate trial = new TreeUpdate(signature, NOWHERE);
    for (long group : groups) {
      read(group, trial, entries);
    }
    if (!trial.finish().equals(root)) {
      return false;
    }
    for (Entry entry : entries) {
      signature.putEntry(entry.block(), entry.bytes());
    }
    TreeUpdate update = new TreeUpdate(signature, signature);
    ByteBuffer hash = LittleEndian.heap(shape.hash().length());
    for (long group : groups) {
      for (long block = TreeShape.firstChild(group); block < end(group); block++) {
        signature.hashes(block, 1, hash.clear());
        update.put(block, hash, 0);
      }
    }
    update.finish();
    signature.sync();
    return true;
  }

  private long end(long group) {
    return TreeShape.firstChild(group) + signature.tree().children(1, group);
  }

  /** Puts what the image holds into {@code trial}, and which entries say something else aside. */
  private void read(long group, TreeUpdate trial, List<Entry> entries) throws IOException {
    BlockReading reading = BlockReading.ofImage(image, shape.geometry());
    BlockSigner signer = new BlockSigner(shape);
    ByteBuffer bytes = LittleEndian.direct(shape.geometry().blockSize().bytes());
    ByteBuffer entry = LittleEndian.direct(shape.entryLength());
    ByteBuffer stored = LittleEndian.direct(shape.entryLength());
    for (long block = TreeShape.firstChild(group); block < end(group); block++) {
      int length = shape.geometry().length(block);
      reading.readBlock(block, bytes);
      signer.hash(bytes, 0, length, entry.clear(), 0);
      signer.pageSums(bytes, 0, length, entry, shape.hash().length());
      trial.put(block, entry, 0);
      signature.entry(block, stored.clear());
      if (!stored.flip().equals(entry)) {
        ByteBuffer kept = LittleEndian.heap(shape.entryLength());
        entries.add(new Entry(block, kept.put(0, entry, 0, entry.limit())));
      }
    }
  }

  private static final NodeSink NOWHERE =
      new NodeSink() {
        @Override
        public void putNode(int level, long index, ByteBuffer node) {
          node.position(node.position() + TreeShape.NODE);
        }

        @Override
        public void putZeroNodes(int level, long first, long count) {}
      };
}
