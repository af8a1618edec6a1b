package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.delta.RootHash;
import snapferry.delta.Signature;
import snapferry.delta.TreeShape;
import snapferry.delta.TreeUpdate;
import snapferry.wire.Ask;
import snapferry.wire.Nodes;

/**
 * The source's side of a rejoining: finds, from the top of the hash tree down, where the signature
 * that the standby stores differs from our own, and copies that.
 *
 * <pre>
 *  ours    standby's
 *   ▲ ═══ differs? ═══ ▲            top
 *  ▲▲▲ ══ differ? ══ ▲▲▲            children of what differs, level by level
 *  hashes  differ?  hashes
 *  entry ◀──────────  entry         of the blocks that differ
 * </pre>
 *
 * <p>Costs a round trip for each level, and bytes for what differs, not for the volume. Batches
 * bound the memory. What the standby says is proven by the root that comes out.
 */
final class FarTree {
  /** Nodes whose children are asked for at once: they are at most 131,072. */
  private static final int BATCH = 512;

  private final Line line;
  private final Inbox inbox;

  FarTree(Line line, Inbox inbox) {
    this.line = line;
    this.inbox = inbox;
  }

  /**
   * Makes {@code own} what the standby stores.
   *
   * @return the root hash of what it is then: the caller knows which it should be
   */
  RootHash copyInto(Signature own) throws IOException {
    TreeUpdate update = new TreeUpdate(own, own);
    descend(own, update, own.tree().levels(), List.of(0L));
    return update.finish();
  }

  private void descend(Signature own, TreeUpdate update, int level, List<Long> nodes)
      throws IOException {
    for (int from = 0; from < nodes.size(); from += BATCH) {
      List<Long> differing =
          differing(own, level, nodes.subList(from, Math.min(nodes.size(), from + BATCH)));
      if (level == 1) {
        copy(own, update, differing);
      } else {
        descend(own, update, level - 1, differing);
      }
    }
  }

  /** Those children of {@code nodes} that are not the same on both sides. */
  private List<Long> differing(Signature own, int level, List<Long> nodes) throws IOException {
    List<Long> differing = new ArrayList<>();
    ByteBuffer ours = LittleEndian.heap(own.childrenLength(level, 0));
    ask(
        own,
        new Ask(level, nodes),
        (node, theirs) -> {
          own.children(level, node, ours.clear());
          int count = own.tree().children(level, node);
          int length = theirs.remaining() / count;
          for (int i = 0; i < count; i++) {
            if (!theirs
                .slice(theirs.position() + i * length, length)
                .equals(ours.slice(i * length, length))) {
              differing.add(TreeShape.firstChild(node) + i);
            }
          }
        });
    return differing;
  }

  private void copy(Signature own, TreeUpdate update, List<Long> blocks) throws IOException {
    for (int from = 0; from < blocks.size(); from += Ask.MAX_INDICES) {
      List<Long> asked = blocks.subList(from, Math.min(blocks.size(), from + Ask.MAX_INDICES));
      ask(
          own,
          new Ask(0, asked),
          (block, entry) -> {
            update.put(block, entry, entry.position());
            own.putEntry(block, entry);
          });
    }
  }

  private interface Answer {
    void take(long index, ByteBuffer bytes) throws IOException;
  }

  private void ask(Signature own, Ask ask, Answer answer) throws IOException {
    line.send(ask);
    ByteBuffer bytes = ByteBuffer.allocate(0);
    for (long index : ask.indices()) {
      if (!bytes.hasRemaining()) {
        bytes = inbox.take(Nodes.class).bytes();
      }
      int length = Nodes.answerLength(own, ask.level(), index);
      if (length > bytes.remaining()) {
        throw new FormatException(
            "NODES with " + bytes.remaining() + " bytes for an answer of " + length);
      }
      answer.take(index, LittleEndian.slice(bytes, bytes.position(), length));
      bytes.position(bytes.position() + length);
    }
    if (bytes.hasRemaining()) {
      throw new FormatException("NODES with " + bytes.remaining() + " bytes left over");
    }
  }
}
