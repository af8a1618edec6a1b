package snapferry.replicate;

import java.io.IOException;
import java.nio.ByteBuffer;
import snapferry.codec.FormatException;
import snapferry.codec.LittleEndian;
import snapferry.delta.Signature;
import snapferry.wire.Ask;
import snapferry.wire.Nodes;

/** The standby's side of a rejoining: answers what the source asks of the stored signature. */
final class NearTree {
  private final Line line;
  private final Signature signature;
  private final ByteBuffer answer = LittleEndian.direct(Nodes.MAX);

  NearTree(Line line, Signature signature) {
    this.line = line;
    this.signature = signature;
  }

  /**
   * Sends what is asked for.
   *
   * @throws FormatException if the tree has no such nodes
   */
  void answer(Ask ask) throws IOException {
    if (ask.level() > signature.tree().levels()) {
      throw new FormatException("ASK for level " + ask.level() + " of a lower tree");
    }
    answer.clear();
    for (long index : ask.indices()) {
      if (index >= signature.tree().nodes(ask.level())) {
        throw new FormatException("ASK for place " + index + " of level " + ask.level());
      }
      if (Nodes.answerLength(signature, ask.level(), index) > answer.remaining()) {
        send();
      }
      if (ask.level() == 0) {
        signature.entry(index, answer);
      } else {
        signature.children(ask.level(), index, answer);
      }
    }
    send();
  }

  private void send() throws IOException {
    line.send(new Nodes(answer.flip()));
    answer.clear();
  }
}
