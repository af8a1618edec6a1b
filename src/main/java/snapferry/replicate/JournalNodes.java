package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import snapferry.delta.NodeSink;
import snapferry.delta.RootHash;
import snapferry.journal.JournalWriter;

/** Nodes of the new epoch's tree go to its journal. */
final class JournalNodes implements NodeSink {
  private final JournalWriter journal;
  private final ByteBuffer zero = ByteBuffer.allocate(RootHash.LENGTH);

  JournalNodes(JournalWriter journal) {
    this.journal = journal;
  }

  @Override
  public void putNode(int level, long index, ByteBuffer node) throws IOException {
    int limit = node.limit();
    journal.node(level, index, node.limit(node.position() + RootHash.LENGTH));
    node.limit(limit);
  }

  @Override
  public void putZeroNodes(int level, long first, long count) throws IOException {
    for (long index = first; index < first + count; index++) {
      journal.node(level, index, zero.clear());
    }
  }
}
