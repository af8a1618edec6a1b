package snapferry.delta;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Takes the nodes that a {@link TreeUpdate} computes; a {@link Signature} stores them. Levels start
 * at 1.
 */
public interface NodeSink {
  /**
   * Node {@code index} of {@code level}: 32 bytes from the position of {@code node}, which is lent
   * for the call.
   */
  void putNode(int level, long index, ByteBuffer node) throws IOException;

  /** Nodes {@code [first, first + count)} of {@code level} are zero. */
  void putZeroNodes(int level, long first, long count) throws IOException;
}
