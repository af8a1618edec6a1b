package snapferry.delta;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import snapferry.codec.LittleEndian;

/**
 * The two hashes of the tree:
 *
 * <pre>
 * node(level, i) = 32 zero bytes, if all its children are all zeros; else
 *                  SHA-256( "snapferry node 1" (16 bytes) || level (u8) || its children, in order )
 * root           = SHA-256( "snapferry root 1" (16 bytes) || size (u64) || block size (u32) || hash kind (u8)
 *                           || top (32 bytes) )
 * </pre>
 *
 * <p>For one thread. Allocates nothing per node.
 */
final class TreeHash {
  private static final byte[] NODE_LABEL = "snapferry node 1".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ROOT_LABEL = "snapferry root 1".getBytes(StandardCharsets.US_ASCII);
  private static final int ROOT_FIELDS = 13;
  private static final byte[] ZERO_NODE = new byte[TreeShape.NODE];

  private final Sha256 sha256 = new Sha256();

  /**
   * Writes a node of {@code level} to {@code into[at, at + 32)}.
   *
   * @param children holds the node's children in {@code [offset, offset + length)}
   */
  void node(int level, ByteBuffer children, int offset, int length, ByteBuffer into, int at) {
    if (Zeros.isZero(children, offset, length)) {
      into.put(at, ZERO_NODE);
    } else {
      sha256.add(NODE_LABEL).add((byte) level).add(children, offset, length).finish(into, at);
    }
  }

  /** The root over a tree whose top node is {@code top[at, at + 32)}. */
  RootHash root(SignatureShape shape, ByteBuffer top, int at) {
    ByteBuffer scratch = LittleEndian.heap(TreeShape.NODE);
    scratch.putLong(shape.geometry().size()).putInt(shape.geometry().blockSize().bytes());
    scratch.put((byte) shape.hash().code());
    sha256.add(ROOT_LABEL).add(scratch, 0, ROOT_FIELDS).add(top, at, TreeShape.NODE);
    sha256.finish(scratch, 0);
    return RootHash.read(scratch.rewind());
  }
}
